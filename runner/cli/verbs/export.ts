import { UsageError } from '../../domain/error.js';
import { exportRows } from '../../export/export.js';
import type { CommandContext } from '../context.js';
import { describeNoResults } from '../no-results.js';
import type { Options } from '../options.js';
import { printChunks } from '../output.js';
import { withReader } from '../with-store.js';

export async function exportMetrics(
  options: Options<'anyGrid' | 'csv' | 'json'>,
  context: CommandContext,
): Promise<void> {
  if (options.csv === options.json) throw new UsageError('export needs one of --csv and --json');
  const nothing = describeNoResults(options.results);
  if (nothing !== null) context.stderr.write(`${nothing}\n`);
  await withReader(options, store =>
    printChunks(context, exportRows(store, options.csv ? 'csv' : 'json', options.grid)),
  );
}
