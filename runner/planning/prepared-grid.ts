/** From a grid file to what would be run, in stages: read, checked against its data and weights, with slots open, planned. */
import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import type { Problem } from '../domain/problem.js';
import { checkCells, distinctData } from '../grid/checks/check-cells.js';
import { checkFreeze, frozenModels } from '../grid/checks/freeze-checks.js';
import { checkWarmStarts, warmCells } from '../grid/checks/warm-start-checks.js';
import { expandGrid } from '../grid/expand.js';
import { type LoadOptions, loadGrid } from '../grid/load.js';
import type { SlotSet } from '../slots/slot-set.js';
import { askEngines, type SlotEntry } from '../slots/slots-file.js';
import type { ResultsPaths } from '../store/run-paths.js';
import type { StoreReader } from '../store/run-store.js';
import { modelEntries } from '../trainer-client/model-entries.js';
import type { SlotContext } from '../trainer-client/trainer-run.js';
import { warmStartReports } from '../trainer-client/warm-start-reports.js';
import { askEntries } from './ask-entries.js';
import { inspectEntries } from './inspect-entries.js';
import { nameInResults } from './name-in-results.js';
import type { PlanOptions } from './plan.js';
import { type GridPlan, planGrid } from './plan-grid.js';
import { stoppingWarnings } from './stopping-warnings.js';

/** A grid by the name that the results keep it under, with its cells. */
export interface NamedGrid {
  grid: Grid;
  cells: readonly Cell[];
  /** What to say of another grid of its name; null: there is none. */
  nameClash: string | null;
}

/** Where a grid is to be run and kept. */
export interface Place {
  /** At least one. */
  entries: readonly SlotEntry[];
  context: SlotContext;
  paths: ResultsPaths;
}

/** What was found of a grid's data and weights, and is no error. */
export interface Findings {
  inspections: ReadonlyMap<DataSpec, DataInspection>;
  warnings: readonly Problem[];
  /** How much of their weights the warm starts take, where nothing is amiss. */
  notes: readonly string[];
}

/** A grid file that has passed every check, with the slots that it would run on, at least one; who has it closes them. */
export interface PreparedGrid extends NamedGrid, Findings, Place {
  slots: SlotSet;
}

/** @throws GridError with every problem of the file */
export async function readNamedGrid(
  file: string,
  options: LoadOptions,
  store: StoreReader,
  { entries, paths }: Place,
): Promise<NamedGrid> {
  const slotRoots = new Set(entries.map(({ backend, settings }) => backend.dataRoot(settings)));
  const grid = await loadGrid(file, { ...options, slotRoots });
  const cells = expandGrid(grid);
  const { name, warning } = nameInResults(grid, cells, store, paths.root);
  return { grid: { ...grid, name }, cells, nameClash: warning };
}

/**
 * Looks at the data and the weights of the cells, and checks the cells against both.
 *
 * @throws GridError with every problem; nothing but the cache of decoded images has been written then
 */
export async function checkGrid(
  { grid, cells }: NamedGrid,
  { entries, context, paths }: Place,
): Promise<Findings> {
  const { found, keep } = await inspectEntries(entries, distinctData(cells), context, paths);
  const problems = checkCells(grid, cells, found);
  const models = frozenModels(cells);
  if (models.length > 0)
    checkFreeze(
      grid,
      cells,
      await modelEntries(models, askEntries(entries, context, 'what models consist of')),
    );
  const warm = warmCells(cells, found);
  const reports = await warmStartReports(
    warm.map(({ start }) => start),
    askEntries(entries, context, 'the weights of init'),
  );
  const fits = checkWarmStarts(grid, warm, reports);
  keep();
  const warnings = [...problems, ...fits.warnings, ...stoppingWarnings(grid, cells)];
  return { inspections: found, warnings, notes: fits.notes };
}

/** Plans against what is stored and the engines that the slots have. @throws as `planGrid` */
export function planPrepared(
  { grid, cells, inspections, entries, context, paths, slots }: PreparedGrid,
  store: StoreReader,
  options: PlanOptions,
): Promise<GridPlan> {
  const ask = (wanted?: Parameters<typeof askEngines>[2]) => askEngines(entries, context, wanted);
  const others = { othersMayCome: slots.mayGrow };
  return planGrid(grid, cells, store, inspections, ask, paths.root, { ...options, ...others });
}
