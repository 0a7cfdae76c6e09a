import { UsageError } from '../../domain/error.js';
import { replayGrid, storedAxes } from '../../stopping/replay-grid.js';
import { replayLines } from '../../terminal/replay-lines.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { type StoppingOptions, stoppingOf } from '../stopping-options.js';
import { withReader } from '../with-store.js';

/** What a `stopping` block would have done to grids of the store. */
export async function replayStopping(
  names: readonly string[],
  options: StoppingOptions & Options<'replay' | 'json'>,
  context: CommandContext,
): Promise<void> {
  if (!options.replay)
    throw new UsageError(
      'give --replay: `grid stopping --replay GRID` says what the block would have spared a finished grid, and whether its best would have been kept; `grid plan FILE` says what the block of a grid file will spare',
    );
  await withReader(options, store => {
    const grids = names.length > 0 ? names.map(name => store.grid(name)) : store.grids();
    const replays = [...new Set(grids.map(({ name }) => name))].map(name => {
      const cells = store.storedCells(name).filter(({ present }) => present);
      return replayGrid(store, name, stoppingOf(options, storedAxes(cells)));
    });
    const empty = replays.filter(({ cells }) => cells === 0).map(({ grid }) => grid);
    if (empty.length === replays.length || (names.length > 0 && empty.length > 0))
      throw new UsageError(
        empty.length === 0
          ? 'there is no grid in the results to replay'
          : `nothing to replay: ${empty.join(', ')} ${empty.length === 1 ? 'has' : 'have'} no configuration yet all of whose seeds were trained to their end; a replay needs cells that ran without a stopping block`,
      );
    if (options.json) printJson(context, replays);
    else for (const line of replayLines(replays, widthOf(context))) printLine(context, line);
  });
}
