import { UsageError } from '../../domain/error.js';
import { isForTensorboard, slotEntries } from '../../slots/slots-file.js';
import { acquireGridLock } from '../../store/grid-lock.js';
import { openStore } from '../../store/open-store.js';
import { warningsOf } from '../../terminal/grid-words.js';
import type { CommandContext } from '../context.js';
import { executeGrid } from '../execute-grid.js';
import { openNotifyThread, targetsOf } from '../notify-thread.js';
import type { Options } from '../options.js';
import { printLine } from '../output.js';
import { openPageThread } from '../page-thread.js';
import { type ChooseCells, checkGridFile, openGrid } from '../prepare-grid.js';
import { selectView } from '../select-view.js';
import { openTensorboardThread } from '../tensorboard-thread.js';
import { planGrid } from './plan.js';

type Own = Options<
  | 'slots'
  | 'shard'
  | 'maxHours'
  | 'deadline'
  | 'budget'
  | 'rerunStale'
  | 'dryRun'
  | 'note'
  | 'telegram'
  | 'serve'
  | 'listen'
  | 'plain'
  | 'jsonEvents'
> & { ask?: boolean | undefined };

export async function runGrid(file: string, options: Own, context: CommandContext): Promise<void> {
  if (options.dryRun) await dryRun(file, options, context);
  else await runFile(file, options, context);
}

/** @param choose other cells in place of the file's own */
export async function runFile(
  file: string,
  options: Omit<Own, 'shard'> & Partial<Pick<Own, 'shard'>>,
  context: CommandContext,
  choose?: ChooseCells,
): Promise<void> {
  if (options.listen !== undefined && !options.serve)
    throw new UsageError('--listen is of the page: give --serve');
  // Nothing runs yet: there is nothing to drain.
  context.onSignal(() => context.quit(130));
  const view = selectView(options, context);
  const targets = await targetsOf(options, context);
  const withTensorboard = await isForTensorboard(options.slots);
  const checked = await checkGridFile(file, options, context, view.step, choose);
  for (const line of [...warningsOf(checked), ...checked.notes]) view.line(line);
  const grid = checked.grid.name;
  const lock = await acquireGridLock(options.results, grid, view.line);
  try {
    const prepared = await openGrid(checked, view.step, { grid, results: checked.paths.root });
    const store = await openStore(options.results);
    try {
      const page = options.serve ? await openPageThread(options, view.line) : undefined;
      if (page !== undefined)
        view.line(`the page: ${page.tokenUrl.replace('/#', `/grids/${encodeURIComponent(grid)}#`)}`);
      const notifier = openNotifyThread({ results: options.results, grid, targets }, view.line);
      const folder = checked.paths.tensorboard;
      const tensorboard = withTensorboard
        ? openTensorboardThread({ results: options.results, grid, folder }, view.line)
        : undefined;
      try {
        context.exitWith(
          await executeGrid(
            prepared,
            store,
            view,
            lock.isHeld,
            { ...options, ask: options.ask !== false && context.environment.GRID_ASK !== '0' },
            context,
            notifier?.ask,
          ),
        );
      } finally {
        await tensorboard?.close();
        await notifier?.close();
        await page?.close();
      }
    } finally {
      store.close();
    }
  } finally {
    lock.release();
  }
}

/** The plan, and what clusters would be asked for. */
async function dryRun(file: string, options: Own, context: CommandContext): Promise<void> {
  await planGrid(file, { ...options, probe: undefined, json: undefined }, context);
  for (const { backend, settings } of await slotEntries(options.slots)) {
    const preview = backend.preview?.(settings);
    if (preview !== undefined) printLine(context, `\n# ${backend.name}\n${preview.trimEnd()}`);
  }
}
