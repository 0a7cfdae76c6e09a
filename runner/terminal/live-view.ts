import { writeSync } from 'node:fs';
import { Listr, type ListrTaskWrapper } from 'listr2';
import type { RunProgress } from '../readings/progress.js';
import { plain } from '../text/names.js';
import { displayWidth } from '../text/width.js';
import { linesBelow, totalsLine } from './lines.js';
import { slotLines } from './slot-lines.js';
import type { RunView, ShownRuns, WriteLine } from './view.js';

const refreshMs = 250;
/** Columns that listr2 puts before a title: indentation, mark and space. */
const margin = 5;
const clearScreen = '\u001b[H\u001b[2J';
/** Lines of the live view beside the slots', and one free at the bottom. */
const otherLines = 7;
/** Slots that are shown at most: of so many lines nobody reads more. */
const mostSlots = 200;
/** listr2 leaves out a task with such a title. */
const hidden = ' ';

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
    isLive: true,
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

    async runs({ read, prompt }, work) {
      // What is shown comes from the store, not from these events.
      const working = work(() => {});
      const painter = new Painter(read, terminal, prompt);
      let finish!: () => void;
      const finished = new Promise<void>(resolve => {
        finish = resolve;
      });
      const shown = new Listr(painter.tasks(finished), { ...options, concurrent: true }).run();
      try {
        return await working;
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
  readonly #read: ShownRuns['read'];
  #progress: RunProgress | null = null;
  readonly #terminal: Terminal;
  readonly #rows: Task[] = [];
  #totals: Task | undefined;
  #output = '';
  readonly #timer: NodeJS.Timeout;

  constructor(
    read: ShownRuns['read'],
    terminal: Terminal,
    private readonly prompt: ShownRuns['prompt'],
  ) {
    this.#read = read;
    this.#terminal = terminal;
    terminal.on('resize', this.#clear);
    this.#timer = setInterval(() => this.#paint(), refreshMs);
  }

  /** A task for each slot that there is or may be, as some join later, and one for the totals with the best cell below. */
  tasks(finished: Promise<void>) {
    this.#look();
    const titles = this.#titles();
    return [
      ...titles.map((title, row) => ({
        title,
        task: async (_: unknown, task: Task) => {
          this.#rows[row] = task;
          await finished;
        },
      })),
      {
        title: this.#progress === null ? 'Running' : totalsLine(this.#progress, this.#width),
        task: async (_: unknown, task: Task) => {
          this.#totals = task;
          await finished;
        },
        // Each output takes the place of the one before.
        rendererOptions: { persistentOutput: true, outputBar: 1 },
      },
    ];
  }

  /** What stands in each row: as many slots as the terminal has lines for now. */
  #titles(): string[] {
    const others = otherLines + promptLine(this.prompt?.() ?? '', this.#width).length;
    const room = Math.min(mostSlots, Math.max(1, (this.#terminal.rows ?? 24) - others));
    const slots = this.#progress?.slots ?? [];
    const mayWrap = 2 * slots.length <= room;
    return Array.from({ length: mostSlots }, (_, row) => {
      if (row === room - 1 && slots.length > room) return `… and ${slots.length - row} more slots`;
      const reading = row < room ? slots[row] : undefined;
      return reading === undefined ? hidden : slotLines(reading, this.#width, mayWrap).join('\n');
    });
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#terminal.off('resize', this.#clear);
    this.#paint(true);
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

  /** A picture that can't be made is no reason to end the runs: the one before stays. */
  #look(isFinal = false): void {
    try {
      this.#progress = this.#read(isFinal) ?? this.#progress;
    } catch {
      // Who must write to the store tells of what is wrong with it.
    }
  }

  #paint(isFinal = false): void {
    this.#look(isFinal);
    const progress = this.#progress;
    if (progress === null || this.#totals === undefined) return;
    const width = this.#width;
    this.#titles().forEach((title, row) => {
      const task = this.#rows[row];
      if (task !== undefined && task.title !== title) task.title = title;
    });
    this.#totals.title = totalsLine(progress, width);
    const output = [...linesBelow(progress, width), ...promptLine(this.prompt?.() ?? '', width)].join('\n');
    if (output === this.#output) return;
    this.#output = output;
    this.#totals.output = output;
  }
}

/** Of a text that is too long its end is what is being typed. */
function promptLine(text: string, width: number): string[] {
  if (text === '') return [];
  const shown = plain(text);
  if (displayWidth(shown) <= width) return [shown];
  const characters = [...shown];
  while (characters.length > 0 && displayWidth(characters.join('')) >= width) characters.shift();
  return [`…${characters.join('')}`];
}
