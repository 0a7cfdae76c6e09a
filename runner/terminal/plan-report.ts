/** What `grid plan` tells: as lines, and as data. */
import type { DataInspection } from '../../trainer/contract/events.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import type { Estimate, MemoryForecast, Plan, SlotForecast } from '../domain/plan.js';
import type { Problem } from '../domain/problem.js';
import type { ExpectedCost } from '../stopping/expected-cost.js';
import { plain } from '../text/names.js';
import { forecastLines, memoryLines } from './forecast-lines.js';
import { dataLine, warningsOf } from './grid-words.js';
import { countsLine, estimateLines, planTable } from './plan-table.js';
import { stoppingLines } from './stopping-lines.js';

export interface PlanReport {
  /** Name of the grid. */
  grid: string;
  plan: Plan & { engineProblem?: string };
  cost: Estimate;
  slots: number;
  memory: MemoryForecast;
  stopping: ExpectedCost | null;
  shares: { slots: readonly SlotForecast[]; unknown: readonly string[] };
  /** The user has named the slots. */
  isBySlot: boolean;
  found: {
    inspections: ReadonlyMap<DataSpec, DataInspection>;
    nameClash: string | null;
    warnings: readonly Problem[];
    notes: readonly string[];
  };
  /** Absolute folder of the results. */
  results: string;
  /** What is to be said where there are none. */
  noResults: string | null;
}

export function planLines(
  { plan, cost, slots, memory, stopping, shares, isBySlot, found, noResults }: PlanReport,
  width: number | undefined,
): string[] {
  const data = dataLine(found.inspections);
  return [
    ...(data === '' ? [] : [plain(data)]),
    ...(noResults === null ? [] : [noResults]),
    ...warningsOf(found),
    ...found.notes,
    ...planTable(plan, width),
    '',
    countsLine(plan),
    ...estimateLines(cost, slots),
    ...(stopping === null ? [] : stoppingLines(stopping)),
    ...(isBySlot && cost.cells > 0 ? [...forecastLines(shares, width), ...memoryLines(memory)] : []),
    ...(plan.engineProblem === undefined ? [] : [`Nothing can be run here: ${plan.engineProblem}`]),
  ];
}

export const planAsJson = ({
  grid,
  plan,
  cost,
  memory,
  stopping,
  shares,
  found,
  results,
  noResults,
}: PlanReport): object => ({
  grid,
  data: dataLine(found.inspections),
  ...(plan.shard !== undefined && { shard: plan.shard }),
  counts: plan.counts,
  estimate: cost,
  memory,
  stopping,
  slots: shares.slots,
  unknownCells: shares.unknown,
  warnings: warningsOf(found),
  notes: found.notes,
  ...(plan.engineProblem !== undefined && { engineProblem: plan.engineProblem }),
  cells: plan.cells.map(({ cell: { cellId, labels }, ...rest }) => ({ cell: cellId, labels, ...rest })),
  removed: plan.removed.map(({ cellId, labels, state }) => ({ cell: cellId, labels, state })),
  unknownInputs: plan.unknownInputs,
  results,
  noResults,
});
