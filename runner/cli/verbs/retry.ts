import { UsageError } from '../../domain/error.js';
import { hasFailed } from '../../domain/run-state.js';
import type { StoredResult } from '../../domain/stored.js';
import { isRunning, steer } from '../../scheduler/steer.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';
import { printAnswers } from '../steer-grid.js';
import { withWriter } from '../with-store.js';

const isStale = ({ staleReasons }: StoredResult) => staleReasons.length > 0;

export async function retryCells(
  cells: string[],
  options: Options<'failed' | 'anyGrid'>,
  context: CommandContext,
): Promise<void> {
  if (cells.length === 0 && !options.failed) throw new UsageError('retry needs cells, or --failed');
  await withWriter(options, async store => {
    const grids = options.grid === undefined ? store.grids() : [store.grid(options.grid)];
    const failed = options.failed
      ? grids.flatMap(({ name }) => store.storedCells(name)).filter(({ state }) => hasFailed(state))
      : [];
    const chosen = [...cells.map(cell => store.findCell(cell)), ...failed];
    const cellIds = [...new Set(chosen.map(({ cellId }) => cellId))];
    if (cellIds.length === 0) {
      printLine(context, 'no cell has failed');
      return;
    }
    if (store.grids().some(({ name }) => isRunning(store, name)))
      printAnswers(await steer(store, { verb: 'retry', cells: cellIds }), context);
    else {
      store.requeue(cellIds);
      printLine(context, `queued: ${cellIds.join(', ')}\n\`grid run\` takes them now`);
    }
    const stale = new Set(chosen.filter(isStale).map(({ cellId }) => cellId));
    if (stale.size > 0)
      printLine(
        context,
        `as far as they are stale still, these begin anew, and what they were trained to is kept aside: ${[...stale].join(', ')}`,
      );
  });
}
