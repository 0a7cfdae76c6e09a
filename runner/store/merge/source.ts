import { existsSync, realpathSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../domain/error.js';
import { ResultsPaths } from '../run-paths.js';

/**
 * The folder of other results as it was named, if it is one.
 *
 * @throws UsageError saying what it is instead, and what may have been meant
 */
export function otherResults(named: string, own: ResultsPaths): ResultsPaths {
  const paths = new ResultsPaths(named);
  const stats = statSync(paths.root, { throwIfNoEntry: false });
  if (stats === undefined) throw new UsageError(`${named}: there is no such folder`);
  if (!stats.isDirectory())
    throw new UsageError(`${named}: is a file; \`grid merge\` takes results folders, which have a store.db`);
  if (existsSync(own.root) && realpathSync(paths.root) === realpathSync(own.root))
    throw new UsageError(
      `${named}: is the results folder that is merged into; name another one, or that one with --results`,
    );
  if (existsSync(paths.store)) return paths;
  if (existsSync(paths.cells))
    throw new UsageError(
      `${named}: has cells, but no store.db; \`grid rebuild --results ${named}\` makes one from them`,
    );
  const inside = join(named, 'results');
  const hint = existsSync(new ResultsPaths(inside).store) ? `; did you mean ${inside}?` : '';
  throw new UsageError(`${named}: is no results folder: it has no store.db${hint}`);
}
