/** What is said where there are no results: which folder was looked at, and where there are some. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, resolve } from 'node:path';
import { ResultsPaths } from '../store/run-paths.js';

/** Null where the folder holds results. `file`: the grid file that was named, if one was. */
export function describeNoResults(results: string, file?: string): string | null {
  const { root } = new ResultsPaths(results);
  if (hasResults(root)) return null;
  const elsewhere = resultsElsewhere(results, file);
  const hint =
    elsewhere.length === 0
      ? ''
      : `. There are results in ${elsewhere.join(' and ')}: --results ${elsewhere[0]}`;
  return `${root}: no results yet; \`grid run FILE\` makes some${hint}`;
}

const hasResults = (root: string) => existsSync(new ResultsPaths(root).store);

/** Results folders of that name in the folders above this one, and in those that the grid file lies in; the nearest first. */
function resultsElsewhere(results: string, file: string | undefined): string[] {
  const name = isAbsolute(results) ? 'results' : results;
  const starts = [process.cwd(), ...(file === undefined ? [] : [dirname(resolve(file))])];
  const found = starts.flatMap(
    start =>
      foldersUpFrom(start)
        .map(folder => resolve(folder, name))
        .find(hasResults) ?? [],
  );
  return [...new Set(found)];
}

const foldersUpFrom = (folder: string): string[] => {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersUpFrom(parent)];
};
