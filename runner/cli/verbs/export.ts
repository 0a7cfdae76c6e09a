import { UsageError } from '../../domain/error.js';
import { exportRows } from '../../export/export.js';
import { writeTensorboard } from '../../export/tensorboard/write.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { CommandContext } from '../context.js';
import { describeNoResults } from '../no-results.js';
import type { Options } from '../options.js';
import { printChunks, printLine } from '../output.js';
import { writing } from '../output-folder.js';
import { withReader } from '../with-store.js';

export async function exportMetrics(
  options: Options<'anyGrid' | 'csv' | 'json' | 'tensorboard'>,
  context: CommandContext,
): Promise<void> {
  const { csv, json, tensorboard } = options;
  if ([csv, json, tensorboard].filter(form => form !== undefined && form !== '').length !== 1)
    throw new UsageError('export needs one of --csv, --json and --tensorboard DIR');
  const nothing = describeNoResults(options.results);
  if (nothing !== null) context.stderr.write(`${nothing}\n`);
  if (tensorboard !== undefined) {
    const paths = new ResultsPaths(options.results);
    await withReader(options, store => {
      const grids = options.grid === undefined ? store.grids().map(({ name }) => name) : [options.grid];
      for (const grid of grids) {
        const cells = writing('--tensorboard', () => writeTensorboard(store, grid, tensorboard, paths));
        printLine(context, `${grid}: ${cells} cells in ${tensorboard}`);
      }
    });
    return;
  }
  await withReader(options, store =>
    printChunks(context, exportRows(store, options.csv ? 'csv' : 'json', options.grid)),
  );
}
