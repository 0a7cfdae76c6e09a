import { existsSync, realpathSync } from 'node:fs';
import { isAbsolute, join, normalize, sep } from 'node:path';
import type { Problems } from './data-error.js';

/** Whether a relative path would leave the folder it is relative to. */
export function leaves(path: string): boolean {
  return isAbsolute(path) || /^[a-z]:[\\/]/i.test(path) || normalize(path).split(/[\\/]/)[0] === '..';
}

/**
 * Absolute path of `relative` below the data folder `root`. Undefined, and a problem under `key`, where it isn't
 * there or leaves the folder, symbolic links resolved.
 */
export function findInside(
  root: string,
  relative: string,
  key: string,
  problems: Problems,
): string | undefined {
  if (!existsSync(root)) {
    problems.error('root', `there is no data folder ${root}`);
    return undefined;
  }
  const path = join(root, relative);
  if (leaves(relative)) problems.error(key, `${relative} leaves the data folder ${root}`);
  else if (!existsSync(path)) problems.error(key, `there is no ${relative} in ${root}`);
  else if (!`${realpathSync(path)}${sep}`.startsWith(realpathSync(root) + sep))
    problems.error(key, `${relative} is a symbolic link that leaves the data folder ${root}`);
  else return path;
  return undefined;
}
