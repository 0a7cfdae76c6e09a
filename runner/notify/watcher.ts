/** Tells of runners that are gone without a word, from another process than theirs. */
import type { StoreWriter } from '../store/run-store.js';
import { isConditionOfMachine } from '../store/store-error.js';
import { kept } from './kept.js';
import { Notifier } from './notifier.js';
import type { Sender } from './sender.js';

const lookMs = 1000;

export interface WatcherOptions {
  store: StoreWriter;
  results: string;
  /** Empty: all that there are. */
  grids: readonly string[];
  senders: () => readonly Sender[];
  /** For whoever looks at the terminal. */
  say(words: string): void;
}

export class Watcher {
  readonly #options: WatcherOptions;
  /** Grids that had a runner when this looked. */
  readonly #alive = new Set<string>();
  /** Who tells of the grids whose runner is gone, until there is another, which tells of itself. */
  readonly #telling = new Map<string, Notifier>();
  readonly #timer: NodeJS.Timeout;

  constructor(options: WatcherOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#look();
  }

  async close(patienceMs: number): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#telling.values()].map(notifier => notifier.close(patienceMs)));
  }

  #look(): void {
    const { store, grids } = this.#options;
    try {
      for (const { name } of store.grids())
        if (grids.length === 0 || grids.includes(name)) this.#lookAt(name);
    } catch (error) {
      // A store that is busy, or on a disk that is away: at the next look.
      if (!isConditionOfMachine(error)) throw error;
    }
  }

  #lookAt(grid: string): void {
    const { store, results, senders, say } = this.#options;
    const runner = store.runnerOf(grid);
    if (runner === null) return;
    if (runner.isAlive || runner.endedMs !== null) {
      if (runner.isAlive) this.#alive.add(grid);
      void this.#telling.get(grid)?.close(0);
      this.#telling.delete(grid);
      return;
    }
    if (this.#telling.has(grid)) return;
    const places = senders();
    // Of one that was gone before this came it tells those who were told of the run.
    const told = this.#alive.has(grid)
      ? places
      : places.filter(({ name }) => kept(store, grid, name)?.told.isOver === false);
    if (this.#alive.delete(grid) || told.length > 0) say(`${grid}: ${runner.holder} is gone without a word`);
    this.#telling.set(grid, new Notifier({ store, results, grid, senders: told, say }));
  }
}
