import { resolve } from 'node:path';
import { estimate, measuredEpochTimes } from '../../planning/estimate.js';
import { storedOf } from '../../planning/plan-grid.js';
import { type PreparedGrid, planPrepared } from '../../planning/prepared-grid.js';
import { probeCells } from '../../planning/probe.js';
import type { StoreReader } from '../../store/run-store.js';
import { dataLine, warningsOf } from '../../terminal/grid-words.js';
import * as table from '../../terminal/plan-table.js';
import { plain } from '../../text/names.js';
import type { CommandContext } from '../context.js';
import { keepStaleReasons } from '../keep-stale-reasons.js';
import { describeNoResults } from '../no-results.js';
import type { Options } from '../options.js';
import { printJson, printLine, widthOf } from '../output.js';
import { prepareGrid } from '../prepare-grid.js';
import { withReader } from '../with-store.js';

type Own = Options<'slots' | 'rerunStale' | 'probe' | 'json'>;

export async function planGrid(file: string, options: Own, context: CommandContext): Promise<void> {
  const prepared = await prepareGrid(file, options, context, (_, work) => work(() => {}));
  try {
    await withReader(options, store => showPlan(prepared, store, { ...options, file }, context));
  } finally {
    // A probe that failed leaves a trainer that is still warm.
    await prepared.slots.close();
  }
}

async function showPlan(
  prepared: PreparedGrid,
  store: StoreReader,
  options: Own & { file: string },
  context: CommandContext,
): Promise<void> {
  const { grid, slots, inspections, paths, notes } = prepared;
  const warnings = warningsOf(prepared);
  const data = dataLine(inspections);
  const noResults = describeNoResults(options.results, options.file);
  const plan = await planPrepared(prepared, store, { rerunStale: options.rerunStale ?? false });
  const cells = plan.cells.map(({ cell }) => cell);
  const stored = storedOf(grid, cells, store);
  // Without an engine nothing is known of what another one would give.
  if (plan.engineProblem === undefined) await keepStaleReasons(plan, stored, options);
  else context.exitWith(1);
  const medians = store.medianEpochSeconds(stored.map(({ cellId }) => cellId));
  const times = measuredEpochTimes(stored, medians);
  if (options.probe && plan.engineProblem === undefined) {
    const probing = { slot: slots.all[0]!, inspections, cacheDir: paths.cache, gridFile: grid.file };
    times.push(...(await probeCells(plan, times, probing)));
  }
  const cost = estimate(plan, times, slots.all.length);
  if (options.json) {
    const rows = plan.cells.map(({ cell: { cellId, labels }, ...rest }) => ({
      cell: cellId,
      labels,
      ...rest,
    }));
    const removed = plan.removed.map(({ cellId, labels, state }) => ({ cell: cellId, labels, state }));
    printJson(context, {
      grid: grid.name,
      data,
      counts: plan.counts,
      estimate: cost,
      warnings,
      notes,
      ...(plan.engineProblem !== undefined && { engineProblem: plan.engineProblem }),
      cells: rows,
      removed,
      unknownInputs: plan.unknownInputs,
      results: resolve(options.results),
      noResults,
    });
    return;
  }
  if (data !== '') printLine(context, plain(data));
  const lines = noResults === null ? [...warnings, ...notes] : [noResults, ...warnings, ...notes];
  for (const line of lines) printLine(context, line);
  for (const line of table.planTable(plan, widthOf(context))) printLine(context, line);
  printLine(context, '');
  printLine(context, table.countsLine(plan));
  for (const line of table.estimateLines(cost, slots.all.length)) printLine(context, line);
  if (plan.engineProblem !== undefined) printLine(context, `Nothing can be run here: ${plan.engineProblem}`);
}
