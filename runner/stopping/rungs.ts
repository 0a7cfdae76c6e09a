/** At which epochs cells are compared, and what they have come to there. */
import type { Objective } from '../domain/metric.js';
import { isBetter } from '../domain/metric.js';
import type { Rung, Stopping } from '../domain/stopping.js';
import type { CellRows, StoppableCell } from './cells.js';

/** After the warm-up so many epochs show something of a cell, … */
const afterWarmup = 2;
/** … and none before so many in all. */
const earliest = 3;

type Timed = Pick<StoppableCell, 'epochs' | 'warmupEpochs'>;

/** Without the bound of `after`. */
export const plainEpoch = (rung: Rung, epochs: number): number =>
  'epoch' in rung ? rung.epoch : Math.ceil((rung.part * epochs) / rung.of - 1e-9);

/** The first epoch at which a cell may be compared. */
export const firstEpoch = ({ after }: Pick<Stopping, 'after'>, { warmupEpochs }: Timed): number =>
  after === 'warmup' ? Math.max(earliest, warmupEpochs + afterWarmup) : after;

/** Epoch of each rung, its own last one at most; none is before the one before it. */
function epochsOf(stopping: Stopping, cell: Timed): number[] {
  let least = Math.max(1, firstEpoch(stopping, cell));
  return stopping.rungs.map(rung => {
    least = Math.max(least, plainEpoch(rung, cell.epochs));
    return Math.min(cell.epochs, least);
  });
}

/** The rungs of a grid: those that come before the end, and before the next rung, of one cell at least. */
export function rungsOf(
  stopping: Stopping,
  cells: readonly StoppableCell[],
): { count: number; epochsOf(cell: StoppableCell): readonly number[] } {
  const all = new Map(cells.map(cell => [cell, epochsOf(stopping, cell)]));
  const kept = stopping.rungs.flatMap((_, rung) =>
    cells.some(cell => all.get(cell)![rung]! < (all.get(cell)![rung + 1] ?? cell.epochs)) ? [rung] : [],
  );
  const byCell = new Map([...all].map(([cell, epochs]) => [cell, kept.map(rung => epochs[rung]!)]));
  return { count: kept.length, epochsOf: cell => byCell.get(cell)! };
}

/** The objective up to an epoch; null: it was NaN, or never told. */
export function valueAt(
  { values }: CellRows,
  epoch: number,
  how: Stopping['value'],
  objective: Objective,
): number | null {
  const until = values.filter(([at]) => at <= epoch).map(([, value]) => value);
  switch (how) {
    case 'last':
      return until.at(-1) ?? null;
    case 'best':
      return until.reduce((best, value) => (isBetter(objective, value, best) ? value : best), null);
    case 'median3': {
      const last = until.slice(-3);
      if (last.length === 0 || last.includes(null)) return null;
      const sorted = (last as number[]).sort((a, b) => a - b);
      const middle = sorted.length >> 1;
      return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
    }
  }
}
