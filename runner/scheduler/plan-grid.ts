import { resolve } from 'node:path';
import type { DataInspection, EngineInfo } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import { trainerVersionOf } from '../../trainer/contract/version.js';
import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import type { StoredResult } from '../domain/stored.js';
import { type CellOrigin, placeCells } from '../grid/inputs/place-cells.js';
import { type CurrentInputs, readInputs } from '../grid/inputs/trainer-inputs.js';
import { type Plan, type PlanOptions, plan } from '../grid/plan.js';
import type { StoreReader } from '../store/run-store.js';

/**
 * Plans a grid against the store. The cells of the plan have the ids under which this folder's results are kept (see
 * place-cells.ts); those that a grid expands to have them only with the shared trainer.
 *
 * @param results absolute folder of the results
 * @param askEngine which engine runs would use now; takes a second, so it is called only if a stored result of the
 *   shared trainer may have become stale by another one
 */
export async function planGrid(
  grid: Grid,
  expanded: readonly Cell[],
  store: StoreReader,
  inspections: ReadonlyMap<DataSpec, DataInspection>,
  askEngine: () => Promise<EngineInfo>,
  results: string,
  options: PlanOptions,
): Promise<Plan> {
  const inputs = inputsOf(expanded, grid, results);
  const cells =
    inputs === undefined
      ? expanded
      : placeCells(expanded, inputs, grid.folder, results, cellIds => originsOf(cellIds, store));
  const stored = storedOf(grid, cells, store);
  const rests = stored.some(
    ({ provenance, epochs, spec }) => provenance !== null && epochs > 0 && spec.trainer === null,
  );
  const engines = rests ? [await askEngine()] : [];
  return plan(
    cells,
    stored,
    {
      trainerVersionOf: spec => {
        const { classes = [], hasDrawnTies } = inspections.get(spec.data) ?? {};
        return trainerVersionOf(spec, classes.length, hasDrawnTies);
      },
      engines,
      fingerprintOf: data => inspections.get(data)?.fingerprint,
      inputs,
    },
    options,
  );
}

/** Files of the grid's own trainer as they are now; undefined with the shared one. Each grid has one trainer. */
function inputsOf(cells: readonly Cell[], { folder }: Grid, results: string): CurrentInputs | undefined {
  const trainer = cells[0]?.spec.trainer ?? null;
  return trainer === null ? undefined : readInputs(trainer, folder, resolve(results));
}

/**
 * Reads the files of a grid's own trainer before each run, since they may be edited while others run; null with the shared one. A
 * persistent program keeps on running as it was when it was started, so what it was at the beginning counts.
 */
export function inputsReader(
  cells: readonly Cell[],
  grid: Grid,
  results: string,
): (() => CurrentInputs) | null {
  const atFirst = inputsOf(cells, grid, results);
  if (atFirst === undefined) return null;
  return cells[0]?.spec.trainer?.persistent ? () => atFirst : () => inputsOf(cells, grid, results) ?? atFirst;
}

function originsOf(cellIds: readonly string[], store: StoreReader): Map<string, CellOrigin> {
  const stored = store.cellsById(cellIds);
  const origins = [...store.gridFilesOf(cellIds)].map(([cellId, gridFiles]): [string, CellOrigin] => [
    cellId,
    { inputs: stored.get(cellId)?.inputs ?? null, gridFiles },
  ]);
  return new Map(origins);
}

/** This grid's results, and those of its cells that another grid has trained. */
export function storedOf(grid: Grid, cells: readonly Cell[], store: StoreReader): StoredResult[] {
  const own = store.storedCells(grid.name);
  const known = new Set(own.map(({ cellId }) => cellId));
  const others = cells.map(({ cellId }) => cellId).filter(cellId => !known.has(cellId));
  return [...own, ...store.cellsById(others).values()];
}
