/** All that a grid's report is made of: from the store and the folders beside it, and nothing else. */

import type { Evaluation } from '../../../trainer/contract/evaluation.js';
import { claimsOf } from '../../conclusions/claims.js';
import { type Confirmed, readConfirmed } from '../../conclusions/confirmation.js';
import type { Suggestion } from '../../conclusions/suggestions/suggestion.js';
import { suggestionsOf } from '../../conclusions/suggestions/suggestions.js';
import { compareValues, type Objective, trainingCounterpart } from '../../domain/metric.js';
import type { GridRecord, Labels, Standing } from '../../domain/stored.js';
import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import type { Leaderboard } from '../../leaderboard/row.js';
import { type CellCurves, readCurves } from '../../readings/curves.js';
import { type Family, readFamilies } from '../../readings/families.js';
import { type GridStatus, readStatus } from '../../readings/status.js';
import type { Claim } from '../../statistics/claim.js';
import { readEvaluation } from '../../store/cell-folder.js';
import type { ResultsPaths } from '../../store/run-paths.js';
import type { StoreReader } from '../../store/run-store.js';
import type { KeptData } from './kept-data.js';

export interface ReportReading {
  grid: GridRecord;
  status: GridStatus;
  standings: readonly Standing[];
  board: Leaderboard;
  /** By family; in the order of the leaderboard. */
  families: readonly Family[];
  curves: ReadonlyMap<string, CellCurves>;
  claims: readonly Claim[];
  suggestions: readonly Suggestion[];
  /** By fresh seeds alone, the best first. */
  confirmed: readonly Confirmed[];
  /** Of the cell that is the best of the first row; null: none has figures. */
  evaluation: { of: string; figures: Evaluation } | null;
  /** What `grid data` found; null: it hasn't looked yet. */
  data: KeptData | null;
  madeMs: number;
}

/** Families whose curves are read: those that charts show are among the first. */
const mostCurves = 400;

/** @throws StoreError `unknownGrid` */
export function readReport(
  store: StoreReader,
  paths: ResultsPaths,
  name: string,
  data: KeptData | null,
): ReportReading {
  return store.snapshot(() => {
    const grid = store.grid(name);
    const board = readLeaderboard(store, { grid: name });
    const place = new Map(board.rows.flatMap(({ cells }, row) => cells.map(cell => [cell, row] as const)));
    const placeOf = ({ cells }: Family) => place.get(cells[0]!.cellId) ?? board.rows.length;
    const families = readFamilies(store, name).sort((a, b) => placeOf(a) - placeOf(b));
    const { objective } = grid;
    const counterpart = trainingCounterpart(objective);
    const metrics = [objective.metric, ...(counterpart === null ? [] : [counterpart])];
    const shown = families.slice(0, mostCurves).flatMap(({ cells }) => cells.map(({ cellId }) => cellId));
    return {
      ...{ grid, board, families, data, madeMs: Date.now() },
      status: readStatus(store, name)[0]!,
      standings: store.standings(name),
      curves: readCurves(store, shown, metrics),
      claims: claimsOf(store, name),
      suggestions: suggestionsOf(store, name),
      confirmed: readConfirmed(store, name),
      evaluation: bestEvaluation(families[0], objective, paths),
    };
  });
}

/** A damaged file hides no more than its own figures. */
function bestEvaluation(
  family: Family | undefined,
  { direction }: Objective,
  paths: ResultsPaths,
): ReportReading['evaluation'] {
  const cells = [...(family?.cells ?? [])].sort((a, b) => compareValues(a.value, b.value, direction));
  for (const { cellId } of cells) {
    try {
      const figures = readEvaluation(paths.cell(cellId));
      if (figures !== null) return { of: cellId, figures };
    } catch {}
  }
  return null;
}

/** `resnet18 · adamw`, without the seed. */
export const labelsText = (labels: Labels): string =>
  Object.entries(labels)
    .filter(([axis]) => axis !== 'seed')
    .map(([, label]) => label)
    .join(' · ');
