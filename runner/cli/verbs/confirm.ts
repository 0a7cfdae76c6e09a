import { UsageError } from '../../domain/error.js';
import { finalistsOf } from '../../leaderboard/finalists.js';
import { confirmationGrid } from '../../planning/confirm.js';
import { costOfCells } from '../../planning/cost-of-cells.js';
import { costWords } from '../../planning/next-grid/comments.js';
import type { NamedGrid } from '../../planning/prepared-grid.js';
import type { StoreReader } from '../../store/run-store.js';
import { cellName } from '../../text/names.js';
import { formatMean } from '../../text/numbers.js';
import type { CommandContext } from '../context.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';
import { readGridFile } from '../prepare-grid.js';
import { withReader } from '../with-store.js';
import { runFile } from './run.js';

type Own = Options<
  | 'finalists'
  | 'freshSeeds'
  | 'slots'
  | 'maxHours'
  | 'deadline'
  | 'budget'
  | 'rerunStale'
  | 'dryConfirm'
  | 'note'
  | 'telegram'
  | 'serve'
  | 'listen'
  | 'plain'
  | 'jsonEvents'
>;

export async function confirmGrid(
  name: string | undefined,
  options: Own,
  context: CommandContext,
): Promise<void> {
  const { grid, file, finalists } = await withReader(options, store => {
    const { name: grid, file } = store.grid(name);
    return { grid, file, finalists: finalistsOf(store, grid, options.top) };
  });
  if (finalists.length === 0)
    throw new UsageError(
      `${grid}: no row has a rank yet, so that there is nothing to confirm; \`grid leaderboard --grid ${JSON.stringify(grid)}\` says what is missing`,
    );
  const choose = (named: NamedGrid, store: StoreReader) =>
    confirmationGrid(
      named,
      finalists.map(({ cell }) => cell),
      options.seeds,
      store,
    );
  if (!options.dryRun) return runFile(file, options, context, choose);
  const named = await readGridFile(file, options, context);
  await withReader(options, store => {
    const { cells } = choose(named, store);
    for (const { row } of finalists)
      printLine(
        context,
        `${cellName(row.cells[0]!, row.labels)}  ${formatMean(row.value, row.std)} of ${row.seeds}`,
      );
    const cost = costOfCells(cells, store, grid);
    const seeds = [...new Set(cells.map(({ spec }) => spec.seed))].sort((a, b) => a - b);
    printLine(
      context,
      `${finalists.length === 1 ? 'one setting' : `${finalists.length} settings`}, ${options.seeds} fresh seeds each (${seeds.join(', ')}): ${cost.cells} of ${cells.length} cells to train, ${costWords(cost)}`,
    );
  });
}
