import { createHash } from 'node:crypto';
import { readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSpec } from '../../trainer/contract/run-spec.js';

/**
 * A hash of names, sizes, and times of all files that a data set may be read from: equal as long as nobody
 * touched them. One `stat` a file, which takes 0.5 s for 100,000.
 */
export function dataSignature({
  root,
  images,
  labels,
  validationLabels,
  format,
  validation,
}: DataSpec): string {
  const hash = createHash('sha256');
  const add = (path: string, stats: Stats) => {
    hash.update(`${path}\0${stats.size}\0${stats.mtimeMs}\0${stats.ino}\n`);
  };
  const visit = (path: string) => {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) {
      hash.update(`${path}\0missing\n`);
      return;
    }
    add(path, stats);
    if (stats.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name));
  };
  const named = [images, labels, validationLabels].filter(name => name !== null);
  const wholeRoot = format === 'mnist' || named.length === 0 || validation.source === 'files';
  for (const path of wholeRoot ? [root] : named.map(name => join(root, name))) visit(path);
  return hash.digest('hex');
}
