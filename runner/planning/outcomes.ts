import type { CellState, Plan } from '../domain/plan.js';
import type { Labels } from '../domain/stored.js';

/** How cells of a plan ended, as far as that tells of cells that share values with them: those that came to NaN, and the completed ones. */
export const outcomesOf = ({
  cells,
}: Plan): { cellId: string; labels: Labels; outcome: 'nan' | 'success' }[] =>
  cells.flatMap(({ cell: { cellId, labels }, status }) => {
    const outcome = outcomeOf(status);
    return outcome === undefined ? [] : [{ cellId, labels, outcome }];
  });

function outcomeOf(status: CellState): 'nan' | 'success' | undefined {
  if ('failure' in status) return status.failure?.class === 'nanLoss' ? 'nan' : undefined;
  return hasResult(status) ? 'success' : undefined;
}

/** As it is, or as it was before what it rests on changed. */
const withResult: ReadonlySet<CellState['state']> = new Set(['completed', 'stale']);

const hasResult = (status: CellState) =>
  withResult.has(status.state) && !('unfinished' in status && status.unfinished);
