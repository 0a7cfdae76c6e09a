import { resolve } from 'node:path';
import type { StoreReader } from '../../store/run-store.js';
import { type AddCommand, type CommandContext, type GlobalOptions, optionsOf } from '../context.js';
import type { CheckedGrid } from '../load-grid.js';
import { printJson, printLine, widthOf } from '../output.js';
import { withReader } from '../with-store.js';

interface PlanOptions extends GlobalOptions {
  slots?: string;
  rerunStale?: boolean;
  probe?: boolean;
  json?: boolean;
}

export const addPlan: AddCommand = (program, context) => {
  program
    .command('plan <file>')
    .summary('say what a run of a grid would do, and how long it would take')
    .description(
      'Checks a grid file and says for every cell whether it is new, completed, interrupted, failed or stale, and why; lists results that are no longer in the grid; estimates cost and finish. Runs nothing.',
    )
    .option('--slots <file>', 'slots file; default: what this machine has')
    .option('--rerun-stale', 'count stale cells as to be run')
    .option('--probe', 'measure a short piece of an epoch of each kind of cell for the estimate')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  grid plan grids/resnet-sweep.yaml\n  grid plan grids/resnet-sweep.yaml --probe\n  grid plan grids/resnet-sweep.yaml --json',
    )
    .action(async (file: string, _, command) => planGrid(file, optionsOf<PlanOptions>(command), context));
};

async function planGrid(file: string, options: PlanOptions, context: CommandContext): Promise<void> {
  const { loadCheckedGrid } = await import('../load-grid.js');
  const checked = await loadCheckedGrid(file, options, context, (_, work) => work(() => {}));
  try {
    await withReader(options, store => showPlan(checked, store, { ...options, file }, context));
  } finally {
    // A probe that failed leaves a trainer that is still warm.
    await checked.closeSlots();
  }
}

async function showPlan(
  checked: CheckedGrid,
  store: StoreReader,
  options: PlanOptions & { file: string },
  context: CommandContext,
): Promise<void> {
  const [
    { estimate, measuredEpochTimes },
    { storedOf },
    table,
    { keepStaleReasons },
    { describeNoResults },
    { plain },
  ] = await Promise.all([
    import('../../planning/estimate.js'),
    import('../../planning/plan-grid.js'),
    import('../../terminal/plan-table.js'),
    import('../keep-stale-reasons.js'),
    import('../no-results.js'),
    import('../../text/names.js'),
  ]);
  const { grid, slots, warnings, notes } = checked;
  const noResults = describeNoResults(options.results, options.file);
  const plan = await checked.planAgainst(store, { rerunStale: options.rerunStale ?? false });
  const cells = plan.cells.map(({ cell }) => cell);
  const stored = storedOf(grid, cells, store);
  // Without an engine nothing is known of what another one would give.
  if (plan.engineProblem === undefined) await keepStaleReasons(plan, stored, options);
  else context.exitWith(1);
  const medians = store.medianEpochSeconds(stored.map(({ cellId }) => cellId));
  const times = measuredEpochTimes(stored, medians);
  if (options.probe && plan.engineProblem === undefined) {
    const { probeCells } = await import('../../planning/probe.js');
    times.push(...(await probeCells(plan, times, checked.probeOptions)));
  }
  const cost = estimate(plan, times, slots.length);
  if (options.json) {
    const rows = plan.cells.map(({ cell: { cellId, labels }, ...rest }) => ({
      cell: cellId,
      labels,
      ...rest,
    }));
    const removed = plan.removed.map(({ cellId, labels, state }) => ({ cell: cellId, labels, state }));
    printJson(context, {
      grid: grid.name,
      data: checked.data,
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
  if (checked.data !== '') printLine(context, plain(checked.data));
  const lines = noResults === null ? [...warnings, ...notes] : [noResults, ...warnings, ...notes];
  for (const line of lines) printLine(context, line);
  for (const line of table.planTable(plan, widthOf(context))) printLine(context, line);
  printLine(context, '');
  printLine(context, table.countsLine(plan));
  for (const line of table.estimateLines(cost, slots.length)) printLine(context, line);
  if (plan.engineProblem !== undefined) printLine(context, `Nothing can be run here: ${plan.engineProblem}`);
}
