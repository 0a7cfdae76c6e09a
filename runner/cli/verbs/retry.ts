import { UsageError } from '../../domain/error.js';
import { retryCells as retry } from '../../scheduler/retry-cells.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';
import { printAnswers } from '../steer-grid.js';
import { withWriter } from '../with-store.js';

export async function retryCells(
  prefixes: string[],
  options: Options<'failed' | 'anyGrid'>,
  context: CommandContext,
): Promise<void> {
  const { failed = false, grid } = options;
  if (prefixes.length === 0 && !failed) throw new UsageError('retry needs cells, or --failed');
  const { cells, answers, stale } = await withWriter(options, store =>
    retry(store, prefixes, { failed, grid }),
  );
  if (cells.length === 0) printLine(context, 'no cell has failed');
  else if (answers !== undefined) printAnswers(answers, context);
  else printLine(context, `queued: ${cells.join(', ')}\n\`grid run\` takes them now`);
  if (stale.length > 0)
    printLine(
      context,
      `as far as they are stale still, these begin anew, and what they were trained to is kept aside: ${stale.join(', ')}`,
    );
}
