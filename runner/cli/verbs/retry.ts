import { UsageError } from '../../domain/error.js';
import type { StoredResult } from '../../domain/stored.js';
import { type AddCommand, optionsOf } from '../context.js';
import { printLine } from '../output.js';
import { withWriter } from '../with-store.js';

const isStale = ({ staleReasons }: StoredResult) => staleReasons.length > 0;

export const addRetry: AddCommand = (program, context) => {
  program
    .command('retry [cells...]')
    .summary('queue failed cells again')
    .description(
      'Queues cells again; the next `grid run` takes them, from their last finished epoch. What has been measured so far is kept.',
    )
    .option('--failed', 'all failed cells')
    .option('--grid <name>', 'with --failed: of this grid; default: of all')
    .addHelpText(
      'after',
      '\nExamples:\n  grid retry --failed\n  grid retry 3fa1 99bc && grid run grids/resnet-sweep.yaml',
    )
    .action(async (cells: string[], _, command) => {
      const options = optionsOf<{ failed?: boolean; grid?: string }>(command);
      if (cells.length === 0 && !options.failed) throw new UsageError('retry needs cells, or --failed');
      await withWriter(options, store => {
        const grids = options.grid === undefined ? store.grids() : [store.grid(options.grid)];
        const failed = options.failed
          ? grids.flatMap(({ name }) => store.storedCells(name)).filter(({ state }) => state === 'failed')
          : [];
        const chosen = [...cells.map(cell => store.findCell(cell)), ...failed];
        const cellIds = [...new Set(chosen.map(({ cellId }) => cellId))];
        store.requeue(cellIds);
        if (cellIds.length === 0) {
          printLine(context, 'no cell has failed');
          return;
        }
        printLine(context, `queued: ${cellIds.join(', ')}\n\`grid run\` takes them now`);
        const stale = new Set(chosen.filter(isStale).map(({ cellId }) => cellId));
        if (stale.size > 0)
          printLine(
            context,
            `as far as they are stale still, these begin anew, and what they were trained to is kept aside: ${[...stale].join(', ')}`,
          );
      });
    });
};
