/** What becomes of each cell of a grid by its `stopping` block: a pure function of the grid and the stored rows. */
import type { Objective } from '../domain/metric.js';
import type { Stopping, StopReason } from '../domain/stopping.js';
import type { CellRows, StoppableCell } from './cells.js';
import { type Family, type Field, fieldOf, groupsOf } from './families.js';
import { type Judgement, judgeByHalving } from './halving.js';

export type Decision =
  /** It is trained; to the end of that epoch, to be compared there; null: to its end. */
  | { next: 'goOn'; until: number | null }
  /**
   * Undecided: it has come to a rung (epoch 0: another seed of it must pass all rungs first). A free slot may train it on, to the end of
   * the epoch `carryTo`; `order`: what is higher first; null: not at all.
   */
  | { next: 'wait'; epoch: number; carryTo: number | null; order: number | null }
  | { next: 'stop'; reason: StopReason };

/** @param rows by cellId; of cells that are not there nothing is known yet */
export function decide(
  stopping: Stopping,
  objective: Objective,
  cells: readonly StoppableCell[],
  rows: ReadonlyMap<string, CellRows>,
): Map<string, Decision> {
  const field = fieldOf(stopping, objective, cells, rows);
  const decisions = new Map<string, Decision>();
  for (const group of groupsOf(cells, field)) {
    const judged = judgeByHalving(group, field);
    for (const [index, family] of group.entries())
      for (const cell of family.cells)
        decisions.set(cell.cellId, decisionOf(cell, family, judged[index]!, field));
  }
  return decisions;
}

function decisionOf(
  cell: StoppableCell,
  family: Family,
  judged: readonly Judgement[],
  { rungs, rowsOf }: Field,
): Decision {
  const last = judged.at(-1);
  if (family.isNeverStopped || last === undefined || last.is === 'through')
    return { next: 'goOn', until: null };
  const epochs = rungs.epochsOf(cell);
  const epoch = epochs[judged.length - 1]!;
  if (last.is === 'out') return { next: 'stop', reason: { ...last.reason, epoch, epochs: cell.epochs } };
  if (!family.judged.includes(cell)) return { next: 'wait', epoch: 0, carryTo: null, order: null };
  const done = rowsOf(cell).epochs;
  const later = (after: number) => epochs.find(at => at > after && at < cell.epochs) ?? null;
  if (done < epoch) return { next: 'goOn', until: epoch < cell.epochs ? epoch : null };
  return {
    next: 'wait',
    epoch,
    carryTo: later(done),
    order: last.isLast ? null : (last.value ?? Number.NEGATIVE_INFINITY),
  };
}
