import type { AddCommand, CommandContext, GlobalOptions } from '../context.js';
import { optionsOf } from '../context.js';

interface RunOptions extends GlobalOptions {
  slots?: string;
  rerunStale?: boolean;
  plain?: boolean;
  json?: boolean;
  note?: string;
}

export const addRun: AddCommand = (program, context) => {
  program
    .command('run <file>')
    .summary('run a grid: what is new, and what was interrupted')
    .description(
      'Checks a grid file, plans it, and runs what isn’t done yet. Ctrl-C finishes the running epochs and stops; the same command goes on where it stopped. Failed cells are left until `grid retry`.',
    )
    .option('--slots <file>', 'slots file; default: what this machine has')
    .option(
      '--rerun-stale',
      'train stale cells again, from the beginning; what they were trained to is set aside',
    )
    .option('--note <text>', 'comment, kept with the cells that this run trains')
    .option(
      '--plain',
      'a line for each thing that happens, no live view (also without a terminal, and in CI)',
    )
    .option('--json', 'events as JSON, one a line')
    .addHelpText(
      'after',
      '\nExamples:\n  grid run grids/quickstart.yaml\n  grid run grids/resnet-sweep.yaml --slots grids/slots.example.yaml --note "with label smoothing"\n  grid run grids/resnet-sweep.yaml --rerun-stale --plain > run.log',
    )
    .action(async (file: string, _, command) => runGrid(file, optionsOf<RunOptions>(command), context));
};

async function runGrid(file: string, options: RunOptions, context: CommandContext): Promise<void> {
  const [{ loadCheckedGrid }, { selectView }, { openStore }, { acquireGridLock }, { executeGrid }] =
    await Promise.all([
      import('../load-grid.js'),
      import('../select-view.js'),
      import('../../store/open-store.js'),
      import('../../store/grid-lock.js'),
      import('../execute-grid.js'),
    ]);
  // Nothing runs yet: there is nothing to drain.
  context.onSignal(() => context.quit(130));
  const view = await selectView(options, context);
  const checked = await loadCheckedGrid(file, options, context, view.step);
  for (const line of [...checked.warnings, ...checked.notes]) view.line(line);
  const lock = await acquireGridLock(options.results, checked.grid.name, view.line);
  try {
    const store = await openStore(options.results);
    try {
      context.exitWith(await executeGrid(checked, store, view, lock.isHeld, options, context));
    } finally {
      store.close();
    }
  } finally {
    lock.release();
  }
}
