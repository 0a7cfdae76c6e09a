/** Everything that is known of a cell. */
import type { Evaluation } from '../../trainer/contract/evaluation.js';
import type { EpochRecord } from '../../trainer/contract/events.js';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import type { RunState } from '../domain/run-state.js';
import type { RungMark } from '../domain/stopping.js';
import type { Labels, StoredNote, StoredRun } from '../domain/stored.js';
import { readEvaluation } from '../store/cell-folder.js';
import type { CellPaths, ResultsPaths } from '../store/run-paths.js';
import type { StoreReader } from '../store/run-store.js';

export interface CellReading {
  cell: string;
  grids: { grid: string; labels: Labels }[];
  state: RunState;
  /** Where the rule of its grid holds it, or why it has stopped it; absent: it does neither. */
  rung?: RungMark;
  value: number | null;
  bestEpoch: number | null;
  spec: RunSpec;
  runs: StoredRun[];
  epochs: EpochRecord[];
  /** Of the best weights; null before the end of a run. */
  evaluation: Evaluation | null;
  /** What is wrong with the file that has it; absent: nothing is. */
  evaluationProblem?: string;
  notes: StoredNote[];
  /** Its folder. */
  folder: string;
  log: string;
}

/**
 * Of the cell whose id begins with `prefix`.
 *
 * @throws StoreError `unknownCell`, `ambiguousCell`
 */
export function readCell(store: StoreReader, paths: ResultsPaths, prefix: string): CellReading {
  return store.snapshot(() => {
    const { cellId, state, rung, value, bestEpoch, spec } = store.findCell(prefix);
    const folder = paths.cell(cellId);
    return {
      cell: cellId,
      ...(rung !== undefined && { rung }),
      grids: store.gridsOf(cellId),
      state,
      value,
      bestEpoch,
      spec,
      runs: store.runsOf(cellId),
      epochs: store.metricsOf(cellId),
      ...evaluationOf(folder),
      notes: store.notesOf(cellId),
      folder: folder.root,
      log: folder.log,
    };
  });
}

/** A damaged file hides no more than its own figures. */
function evaluationOf(folder: CellPaths): Pick<CellReading, 'evaluation' | 'evaluationProblem'> {
  try {
    return { evaluation: readEvaluation(folder) };
  } catch (error) {
    return { evaluation: null, evaluationProblem: (error as Error).message };
  }
}
