import type { Plan } from '../domain/plan.js';
import type { StoredResult } from '../domain/stored.js';

/** Why each stale cell is stale, by cellId. */
export const staleReasonsOf = ({ cells }: Plan): Map<string, readonly string[]> =>
  new Map(
    cells.flatMap(({ cell, status }) => (status.state === 'stale' ? [[cell.cellId, status.reasons]] : [])),
  );

/** The cells of a plan with whose results other reasons are kept, by cellId: those that there are now. */
export function changedReasons(plan: Plan, stored: readonly StoredResult[]): Map<string, readonly string[]> {
  const reasons = staleReasonsOf(plan);
  const planned = new Set(plan.cells.map(({ cell }) => cell.cellId));
  return new Map(
    stored
      .filter(({ cellId }) => planned.has(cellId))
      .map(({ cellId, staleReasons }) => ({ cellId, before: staleReasons, now: reasons.get(cellId) ?? [] }))
      .filter(({ before, now }) => JSON.stringify(before) !== JSON.stringify(now))
      .map(({ cellId, now }) => [cellId, now]),
  );
}
