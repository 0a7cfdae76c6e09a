import { dirname } from 'node:path';
import { UsageError } from '../domain/error.js';
import type { Shard } from '../domain/plan.js';
import { readLeaderboard } from '../leaderboard/leaderboard.js';
import { renderText } from '../leaderboard/render.js';
import { timesOf } from '../planning/costed-plan.js';
import { enqueue } from '../planning/enqueue.js';
import { objectiveOf } from '../planning/grid-record.js';
import { joinSlots } from '../planning/join-slots.js';
import { KnownMemory } from '../planning/known-memory.js';
import { KnownTimes } from '../planning/known-times.js';
import { outcomesOf } from '../planning/outcomes.js';
import { inputsReader } from '../planning/plan-grid.js';
import { type PreparedGrid, planPrepared } from '../planning/prepared-grid.js';
import { latest } from '../readings/latest.js';
import { readLastRun } from '../readings/progress.js';
import { readStatus } from '../readings/status.js';
import { GridRun } from '../scheduler/grid-run.js';
import { slotEntries } from '../slots/slots-file.js';
import { stoppableCells } from '../stopping/stoppable-cells.js';
import { openStore } from '../store/open-store.js';
import type { StoreWriter } from '../store/run-store.js';
import * as counting from '../terminal/plan-table.js';
import * as summary from '../terminal/summary.js';
import type { RunView } from '../terminal/view.js';
import { askComment, withoutComment } from './ask-comment.js';
import type { CommandContext } from './context.js';
import type { GlobalOptions } from './options.js';

/** Of the leaderboard, at the end. */
const topRows = 5;

interface ExecuteOptions extends GlobalOptions {
  rerunStale?: boolean | undefined;
  shard?: Shard | undefined;
  maxHours?: number | undefined;
  deadline?: number | undefined;
  budget?: number | undefined;
  json?: boolean | undefined;
  note?: string | undefined;
  ask?: boolean | undefined;
}

/** Who is told of cells of which nobody has said what they are to try. */
type AskElsewhere = (cells: readonly string[]) => void;

/** Plans the grid, runs what is to be run, shows the result. Returns the exit code. */
export async function executeGrid(
  prepared: PreparedGrid,
  store: StoreWriter,
  view: RunView,
  holdsGrid: () => boolean,
  options: ExecuteOptions,
  context: CommandContext,
  askElsewhere?: AskElsewhere,
): Promise<number> {
  const { grid, slots, paths } = prepared;
  if (options.budget !== undefined && !slots.hasPrices)
    throw new UsageError('--budget needs `price:` (an hour of a slot) in an entry of the --slots file');
  const plan = await view.step('Planning', async say => {
    const made = await planPrepared(prepared, store, {
      rerunStale: options.rerunStale ?? false,
      shard: options.shard,
    });
    say(counting.countsLine(made));
    return made;
  });
  const cells = plan.cells.map(({ cell }) => cell);
  const queue = enqueue(prepared, plan, store, options.note);
  const objective = objectiveOf(prepared);
  const stoppable = stoppableCells(cells, objective, prepared.inspections);
  const unsaid =
    options.note === undefined && options.ask !== false ? withoutComment(grid, queue, store) : [];
  if (unsaid.length > 0) askElsewhere?.(unsaid);
  const question =
    // Not by itself yet: a terminal that goes away while it is read from would end the run as a failure.
    view.isLive && unsaid.length > 0 && process.env.GRID_ASK === '1'
      ? askComment(text => {
          for (const cellId of unsaid) store.addNote(cellId, text);
        })
      : undefined;
  const reader = await openStore(options.results, { readOnly: true });
  const shown = {
    cells: queue.length,
    metric: objective.metric,
    prompt: () => question?.prompt() ?? '',
    read: latest(reader, () => readLastRun(reader, grid.name)),
  };
  const times = new KnownTimes(cells, timesOf(prepared, plan, store));
  const memory = new KnownMemory(cells, store.measuredMemory(cells.map(({ cellId }) => cellId)));
  const working = view.runs(shown, async observe => {
    const scheduler = new GridRun({
      times,
      memory,
      limits: { maxHours: options.maxHours, deadlineMs: options.deadline, budget: options.budget },
      outcomes: outcomesOf(plan),
      stopping: grid.stopping && { stopping: grid.stopping, objective, cells: stoppable },
      grid: grid.name,
      holdsGrid,
      slots,
      store,
      paths,
      gridFolder: dirname(grid.file),
      retry: grid.retry,
      timeoutSeconds: grid.limits.cellTimeoutSeconds,
      waitSeconds: grid.limits.waitSeconds,
      fingerprintOf: data => prepared.inspections.get(data)?.fingerprint,
      inputs: inputsReader(cells, grid, options.results),
      joinSlots: async file => joinSlots(prepared, plan, await slotEntries(file ?? undefined)),
      observe: event => {
        times.observe(event);
        memory.observe(event);
        observe(event);
      },
    });
    const steps = [() => scheduler.drain(), () => scheduler.kill()];
    // Whoever still asks after that doesn't want to wait for processes that can't be ended.
    const forget = context.onSignal(() => (steps.shift() ?? (() => context.quit(130)))());
    try {
      return await scheduler.run(queue);
    } finally {
      await slots.close();
      forget();
    }
  });
  const result = await working.finally(() => {
    question?.close();
    reader.close();
  });
  const width = context.stdout.isTTY ? context.stdout.columns : undefined;
  const [status] = readStatus(store, grid.name);
  const board = readLeaderboard(store, { grid: grid.name, top: topRows });
  const best = board.rows.some(({ value }) => value !== null) ? renderText(board, { width }) : '';
  view.line(summary.describeEnd({ status: status!, result, plan, results: options.results, best }));
  return summary.exitCodeOfRun(result, plan);
}
