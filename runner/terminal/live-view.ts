import { writeSync } from 'node:fs';
import { Listr, type ListrTaskWrapper } from 'listr2';
import { describeFailure, reasonOf } from '../domain/failure-words.js';
import type { SchedulerObserver } from '../domain/scheduler-event.js';
import { fitLine, wrapText } from '../text/lines.js';
import { shortId } from '../text/names.js';
import { bestLine, slotLine, stoppingLine, totalsLine } from './lines.js';
import type { RunModel } from './run-model.js';
import type { RunView, WriteLine } from './view.js';

const refreshMs = 250;
/** Columns that listr2 puts before a title: indentation, mark and space. */
const margin = 5;
const clearScreen = '\u001b[H\u001b[2J';
/** Lines of the live view beside the slots', and one free at the bottom. */
const otherLines = 7;

// biome-ignore lint/suspicious/noExplicitAny: listr2's renderer generics say nothing here.
type Task = ListrTaskWrapper<any, any, any>;

const options = {
  // The runner handles signals itself: it drains.
  registerSignalListeners: false,
  rendererOptions: { formatOutput: 'truncate', showErrorMessage: false, collapseErrors: false },
} as const;

type Terminal = Pick<NodeJS.WriteStream, 'columns' | 'rows' | 'on' | 'off'> & { fd: number };

/** A picture of the slots that is drawn anew in place, for a terminal. */
export function liveView(terminal: Terminal, write: WriteLine): RunView {
  return {
    async step(title, work) {
      let result: Awaited<ReturnType<typeof work>> | undefined;
      await new Listr(
        [
          {
            title,
            task: async (_, task: Task) => {
              result = await work(text => {
                task.title = text;
              });
            },
          },
        ],
        options,
      ).run();
      return result as Awaited<ReturnType<typeof work>>;
    },

    async runs(model, work) {
      const painter = new Painter(model, terminal);
      const observe: SchedulerObserver = event => {
        model.apply(event);
        painter.noteEnd(event);
      };
      let finish!: () => void;
      const finished = new Promise<void>(resolve => {
        finish = resolve;
      });
      const shown = new Listr(painter.tasks(finished), { ...options, concurrent: true }).run();
      try {
        return await work(observe);
      } finally {
        painter.stop();
        finish();
        await shown;
      }
    },

    line: write,
  };
}

/** Keeps the titles of the slots' tasks and of the totals up to date. */
class Painter {
  readonly #model: RunModel;
  readonly #terminal: Terminal;
  readonly #tasks = new Map<string, Task>();
  #totals: Task | undefined;
  #problem = '';
  #warnings = 0;
  #warning = '';
  #output = '';
  readonly #timer: NodeJS.Timeout;

  constructor(model: RunModel, terminal: Terminal) {
    this.#model = model;
    this.#terminal = terminal;
    terminal.on('resize', this.#clear);
    this.#timer = setInterval(() => this.#paint(), refreshMs);
  }

  /** One task a slot, as many as the terminal has lines for, and one for the totals with the best cell below. */
  tasks(finished: Promise<void>) {
    const room = Math.max(1, (this.#terminal.rows ?? 24) - otherLines);
    const slots = [...this.#model.slots.keys()].slice(0, room);
    return [
      ...slots.map(slotId => ({
        title: slotLine(this.#model.slots.get(slotId)!, this.#width),
        task: async (_: unknown, task: Task) => {
          this.#tasks.set(slotId, task);
          await finished;
        },
      })),
      {
        title: totalsLine(this.#model, this.#width),
        task: async (_: unknown, task: Task) => {
          this.#totals = task;
          await finished;
        },
        // Each output takes the place of the one before.
        rendererOptions: { persistentOutput: true, outputBar: 1 },
      },
    ];
  }

  /** Remembers the last thing that went wrong and the last warning, for the lines below the totals. */
  noteEnd(event: Parameters<SchedulerObserver>[0]): void {
    if (event.type === 'slotBenched')
      this.#problem = `${event.slotId} is out of use: ${reasonOf(event.reason)}`;
    if (event.type === 'trainer' && event.event.type === 'warning') {
      this.#warnings++;
      this.#warning = `${this.#warnings} warning${this.#warnings === 1 ? '' : 's'}: ${shortId(event.cellId)} ${reasonOf(event.event.message)}`;
    }
    if (event.type === 'runEnded' && event.failure !== undefined)
      this.#problem = `${shortId(event.cellId)} ${describeFailure(event.failure)}`;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#terminal.off('resize', this.#clear);
    this.#paint();
  }

  /**
   * A terminal that gets narrower breaks the lines on it anew, so that the picture can't be taken back line by line. listr2 holds
   * back what is written to stdout, so this goes past it.
   */
  readonly #clear = () => {
    try {
      writeSync(this.#terminal.fd, clearScreen);
    } catch {
      // The terminal is gone; the run goes on without it.
    }
  };

  get #width(): number {
    return Math.max(10, (this.#terminal.columns ?? 80) - margin);
  }

  #paint(): void {
    const width = this.#width;
    for (const [slotId, task] of this.#tasks) task.title = slotLine(this.#model.slots.get(slotId)!, width);
    if (this.#totals === undefined) return;
    this.#totals.title = totalsLine(this.#model, width);
    const below = [
      bestLine(this.#model, width),
      fitLine([{ text: this.#problem, weight: 1 }], width),
      fitLine([{ text: this.#warning, weight: 1 }], width),
      ...wrapText(stoppingLine(this.#model), width),
    ];
    const output = below.filter(line => line !== '').join('\n');
    if (output === this.#output) return;
    this.#output = output;
    this.#totals.output = output;
  }
}
