import { resolve } from 'node:path';
import type { DataInspection, EngineName } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import { trainerVersionOf } from '../../trainer/contract/version.js';
import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import type { Plan } from '../domain/plan.js';
import type { StoredResult } from '../domain/stored.js';
import { checkPrecisions } from '../grid/checks/precision-checks.js';
import { type CellOrigin, placeCells } from '../grid/identity/inputs/place-cells.js';
import { type CurrentInputs, readInputs } from '../grid/identity/inputs/trainer-inputs.js';
import { decide } from '../stopping/decide.js';
import { stoppableCells } from '../stopping/stoppable-cells.js';
import { readRows } from '../stopping/stored-rows.js';
import type { StoreReader } from '../store/run-store.js';
import { EngineMissingError, type OfferedEngine } from '../trainer-client/trainer-run.js';
import { objectiveOf } from './grid-record.js';
import { type CurrentProvenance, type PlanOptions, plan } from './plan.js';

export interface GridPlan extends Plan {
  /** The engine that the slots use by themselves, if it's the same on all. */
  engine: EngineName | null;
  /** Why the shared trainer doesn't come up on the slots; then nothing can be said of the engine of results. */
  engineProblem?: string;
}

/** Asks the slots, one kind after the other, which engine they have: the one that they take by themselves, or the named one. */
export type AskEngines = (wanted?: EngineName) => Promise<OfferedEngine[]>;

/**
 * Plans a grid against the store. The cells of the plan have the ids under which this folder's results are kept (see
 * place-cells.ts); those that a grid expands to have them only with the shared trainer.
 *
 * @param results absolute folder of the results
 * @param askEngines takes a second, so it is called only if cells are of the shared trainer
 * @throws GridError where an engine lacks a number format that a cell is to be trained in
 */
export async function planGrid(
  grid: Grid,
  expanded: readonly Cell[],
  store: StoreReader,
  inspections: ReadonlyMap<DataSpec, DataInspection>,
  askEngines: AskEngines,
  results: string,
  options: PlanOptions & { othersMayCome?: boolean },
): Promise<GridPlan> {
  const inputs = inputsOf(expanded, grid, results);
  const cells =
    inputs === undefined
      ? expanded
      : placeCells(expanded, inputs, grid.folder, results, cellIds => originsOf(cellIds, store));
  const stored = storedOf(grid, cells, store);
  const planned = { ...options, ruledOut: ruledOut(grid, cells, store, inspections) };
  const provenance: CurrentProvenance = {
    trainerVersionOf: spec => {
      const { classes = [], hasDrawnTies } = inspections.get(spec.data) ?? {};
      return trainerVersionOf(spec, classes.length, hasDrawnTies);
    },
    engines: [],
    fingerprintOf: data => inspections.get(data)?.fingerprint,
    othersMayCome: options.othersMayCome ?? false,
    inputs,
  };
  if (cells.every(({ spec }) => spec.trainer !== null))
    return { ...plan(cells, stored, provenance, planned), engine: null };
  let engines: OfferedEngine[];
  try {
    engines = await askEngines();
  } catch (error) {
    if (!(error instanceof EngineMissingError)) throw error;
    return { ...plan(cells, stored, provenance, planned), engine: null, engineProblem: error.message };
  }
  const made = plan(cells, stored, { ...provenance, engines }, planned);
  const otherEngines = await begunOn(made, stored, askEngines);
  const final =
    otherEngines.length === 0 ? made : plan(cells, stored, { ...provenance, engines, otherEngines }, planned);
  const fresh = final.cells.filter(({ action, status }) => action === 'run' && !('engine' in status));
  checkPrecisions(
    grid,
    fresh.map(({ cell }) => cell),
    engines,
  );
  const names = new Set(engines.map(({ name }) => name));
  return { ...final, engine: names.size === 1 ? engines[0]!.name : null };
}

/** Cells that the grid's `stopping` block stops, by what is stored. */
function ruledOut(
  { stopping }: Grid,
  cells: readonly Cell[],
  store: StoreReader,
  inspections: ReadonlyMap<DataSpec, DataInspection>,
): Set<string> {
  if (stopping === null) return new Set();
  const objective = objectiveOf({ cells });
  const rows = readRows(
    store,
    cells.map(({ cellId }) => cellId),
    objective.metric,
  );
  const decisions = decide(stopping, objective, stoppableCells(cells, objective, inspections), rows);
  return new Set([...decisions].flatMap(([cellId, { next }]) => (next === 'stop' ? cellId : [])));
}

/** The engines that interrupted cells were begun on, as far as all slots have them and they aren't the slots' own. */
async function begunOn(
  { cells }: Plan,
  stored: readonly StoredResult[],
  askEngines: AskEngines,
): Promise<OfferedEngine[]> {
  const begun = new Map(stored.map(({ cellId, provenance }) => [cellId, provenance?.engine.name]));
  const wanted = cells.flatMap(({ cell, status }) =>
    'engineChange' in status ? (begun.get(cell.cellId) ?? []) : [],
  );
  const offered: OfferedEngine[] = [];
  for (const name of new Set(wanted)) {
    try {
      const [first, ...others] = await askEngines(name);
      if (first !== undefined && others.every(({ version }) => version === first.version))
        offered.push(first);
    } catch (error) {
      // It isn't there any more: the plan says so of each cell.
      if (!(error instanceof EngineMissingError)) throw error;
    }
  }
  return offered;
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
