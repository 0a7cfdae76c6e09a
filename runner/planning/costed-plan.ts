import type { Estimate, MemoryForecast } from '../domain/plan.js';
import type { SharedMemory } from '../domain/slot.js';
import type { StoredResult } from '../domain/stored.js';
import { type ExpectedCost, expectedCost } from '../stopping/expected-cost.js';
import { stoppableCells } from '../stopping/stoppable-cells.js';
import type { StoreReader } from '../store/run-store.js';
import { type EpochTime, estimate, measuredEpochTimes } from './estimate.js';
import { forecast } from './forecast.js';
import { objectiveOf } from './grid-record.js';
import { KnownMemory } from './known-memory.js';
import { KnownTimes } from './known-times.js';
import type { PlanOptions } from './plan.js';
import { type GridPlan, storedOf } from './plan-grid.js';
import { type NamedGrid, type PreparedGrid, planPrepared } from './prepared-grid.js';
import { probeCells } from './probe.js';

export interface CostedPlan {
  plan: GridPlan;
  /** What the store has of its cells, and of those that are no longer in the grid. */
  stored: readonly StoredResult[];
  cost: Estimate;
  /** On the memory of the first slot's kind. */
  memory: MemoryForecast;
  /** With the grid's `stopping` block; null: it has none. */
  stopping: ExpectedCost | null;
  /** By slot, and the cells that it says nothing of. */
  shares: ReturnType<typeof forecast>;
}

/**
 * What a run of a grid would do, and what it would cost.
 *
 * @param probe measure a short piece of each kind of cell that nothing like has been measured of
 * @throws as `planGrid`, and with the trainer's words if a probe fails
 */
export async function costedPlan(
  prepared: PreparedGrid,
  store: StoreReader,
  { probe, ...options }: PlanOptions & { probe: boolean },
): Promise<CostedPlan> {
  const { grid, slots, inspections, paths } = prepared;
  const plan = await planPrepared(prepared, store, options);
  const stored = storedOfPlan(prepared, plan, store);
  const times = timesIn(stored, store);
  if (probe && plan.engineProblem === undefined) {
    const probing = { slot: slots.all[0]!, inspections, cacheDir: paths.cache, gridFile: grid.file };
    times.push(...(await probeCells(plan, times, probing)));
  }
  return {
    ...{ plan, stored, cost: estimate(plan, times, slots.all.length) },
    memory: memoryForecast(plan, store, slots.all[0]?.shares?.of ?? 'machine'),
    stopping: stoppingCost(
      prepared,
      plan,
      new KnownTimes(
        plan.cells.map(({ cell }) => cell),
        times,
      ),
    ),
    shares: forecast(plan, times, slots.all, slot => slots.priceOf(slot)),
  };
}

function stoppingCost(
  { grid, inspections }: PreparedGrid,
  plan: GridPlan,
  times: KnownTimes,
): ExpectedCost | null {
  if (grid.stopping === null) return null;
  const cells = plan.cells.map(({ cell }) => cell);
  const objective = objectiveOf({ cells });
  const byId = new Map(cells.map(cell => [cell.cellId, cell]));
  return expectedCost(grid.stopping, objective, stoppableCells(cells, objective, inspections), cellId =>
    times.epochSeconds(byId.get(cellId)!),
  );
}

function memoryForecast({ cells }: GridPlan, store: StoreReader, of: SharedMemory['of']): MemoryForecast {
  const toRun = cells.filter(({ action }) => action === 'run').map(({ cell }) => cell);
  const all = cells.map(({ cell }) => cell);
  const known = new KnownMemory(all, store.measuredMemory(all.map(({ cellId }) => cellId)));
  const needs = toRun.map(cell => known.megabytesOf(cell, of)).filter(value => value !== undefined);
  const ends = needs.length === 0 ? null : { least: Math.min(...needs), most: Math.max(...needs) };
  return { least: ends?.least ?? null, most: ends?.most ?? null, unknown: toRun.length - needs.length };
}

/** Epochs that were measured of the cells of a plan. */
export const timesOf = (grid: NamedGrid, plan: GridPlan, store: StoreReader): EpochTime[] =>
  timesIn(storedOfPlan(grid, plan, store), store);

const storedOfPlan = ({ grid }: NamedGrid, { cells }: GridPlan, store: StoreReader): StoredResult[] =>
  storedOf(
    grid,
    cells.map(({ cell }) => cell),
    store,
  );

const timesIn = (stored: readonly StoredResult[], store: StoreReader): EpochTime[] =>
  measuredEpochTimes(stored, store.medianEpochSeconds(stored.map(({ cellId }) => cellId)));
