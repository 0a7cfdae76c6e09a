import { resolve } from 'node:path';
import { type AddCommand, type CommandContext, type GlobalOptions, optionsOf } from './context.js';
import { printJson, printLine, widthOf } from './output.js';
import { withReader } from './with-store.js';

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
  const [
    { loadCheckedGrid },
    { estimate, measuredEpochTimes },
    { storedOf },
    table,
    { keepStaleReasons },
    { describeNoResults },
    { plain },
  ] = await Promise.all([
    import('./load-grid.js'),
    import('../grid/estimate.js'),
    import('../scheduler/plan-grid.js'),
    import('../terminal/plan-table.js'),
    import('./keep-stale-reasons.js'),
    import('./no-results.js'),
    import('../leaderboard/format.js'),
  ]);
  const checked = await loadCheckedGrid(file, options, context, (_, work) => work(() => {}));
  const { grid, slots, warnings, notes } = checked;
  const noResults = describeNoResults(options.results, file);
  await withReader(options, async store => {
    const plan = await checked.planAgainst(store, { rerunStale: options.rerunStale ?? false });
    const cells = plan.cells.map(({ cell }) => cell);
    const stored = storedOf(grid, cells, store);
    await keepStaleReasons(plan, stored, options);
    const times = measuredEpochTimes(stored);
    if (options.probe) {
      const { probeCells } = await import('../scheduler/probe.js');
      times.push(...(await probeCells(plan, times, checked.probeOptions)));
      await checked.closeSlots();
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
  });
}
