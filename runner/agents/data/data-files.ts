import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';

/** The files of MNIST and its likes, plain or `.gz`. */
const idxFile = /^(train|t10k)-(images|labels)[.-]idx[13]-ubyte(\.gz)?$/;

/**
 * The files that a data set is read from, relative to its root, with `/`, sorted. Symbolic links are followed where they stay in the
 * root; what leads out of it, hidden files, and what is no file are left out, as the trainer leaves them out.
 */
export function dataFiles({ root, format, images, labels, validationLabels }: DataSpec): string[] {
  const found = new Set<string>();
  const realRoot = realpathSync(root);
  const visit = (path: string, around: readonly string[]) => {
    const place = join(root, path);
    if (!existsSync(place)) return;
    const real = realpathSync(place);
    if (
      !`${real}${sep}`.startsWith(realRoot.endsWith(sep) ? realRoot : realRoot + sep) ||
      around.includes(real)
    )
      return;
    const stats = statSync(real);
    if (stats.isFile()) found.add(path);
    if (!stats.isDirectory()) return;
    for (const name of readdirSync(real))
      if (!name.startsWith('.')) visit(path === '' ? name : `${path}/${name}`, [...around, real]);
  };
  for (const name of namedFiles())
    visit(
      name
        .split(/[\\/]/)
        .filter(part => part !== '' && part !== '.')
        .join('/'),
      [],
    );
  return [...found].sort();

  function namedFiles(): string[] {
    if (format === 'mnist') return readdirSync(root).filter(name => idxFile.test(name));
    if (format === 'folder') return [images ?? ''];
    return [images, labels, validationLabels].filter(name => name !== null);
  }
}
