import { relative, resolve, sep } from 'node:path';
import { globSync } from 'tinyglobby';

/** What tools leave beside sources. */
const leftovers = ['**/__pycache__/**', '**/*.pyc', '**/node_modules/**', '**/.git/**'];

/**
 * Files that patterns of `trainer.inputs` match, absolute, in order. A folder stands for all that it holds; a pattern with `!` in
 * front takes away.
 *
 * @param except a folder whose files are none of them: that of the results
 */
export function globFiles(patterns: readonly string[], folder: string, except?: string): string[] {
  const results = except === undefined ? undefined : relative(folder, except).split(sep).join('/');
  const ignore = results === undefined || results === '' ? leftovers : [...leftovers, `${results}/**`];
  const found = globSync(patterns, { cwd: folder, ignore, onlyFiles: true });
  return [...new Set(found.map(file => resolve(folder, file)))].sort();
}

/** Whether a pattern matches no file. One that takes away need not match any. */
export const isEmptyPattern = (pattern: string, folder: string): boolean =>
  !pattern.startsWith('!') && globFiles([pattern], folder).length === 0;
