import { isFresh, type ReadAt } from '../../../readings/latest.js';
import type { WatchedStore } from '../watched-store.js';
import { Board } from './board.js';
import { type Readings, readOf } from './read-board.js';
import { ReadingThread } from './reading-thread.js';

/** Grids with more cells are read by a thread of their own. */
const manyCells = 4000;
/** Share of the time that the thread may read: nobody waits for it. */
const threadShare = 0.4;

interface Kept extends ReadAt {
  file: string;
  reading: object | undefined;
  pending: Promise<void> | undefined;
}

/**
 * Boards of the grids, kept until their store changes. Of a large grid what was read last is shown while a thread reads what holds
 * now: a filter, and the runner that may be in this process, wait for none of that.
 */
export class Boards {
  readonly #store: WatchedStore;
  readonly #thread = new ReadingThread();
  readonly #kept = new Map<string, Kept>();
  readonly #boards = new WeakMap<object, Board>();
  /** Grids that are large, with their file: they don't become small. */
  readonly #large = new Set<string>();

  constructor(store: WatchedStore) {
    this.#store = store;
  }

  /** @throws StoreError `unknownGrid` */
  async of(grid: string): Promise<Board> {
    const reading = await this.#read('board', grid);
    const known = this.#boards.get(reading);
    if (known !== undefined) return known;
    const board = new Board(reading);
    this.#boards.set(reading, board);
    return board;
  }

  /** @throws StoreError `unknownGrid` */
  effectsOf(grid: string): Promise<Readings['effects']> {
    return this.#read('effects', grid);
  }

  close(): void {
    this.#thread.close();
  }

  async #read<Name extends keyof Readings>(name: Name, grid: string): Promise<Readings[Name]> {
    if (!this.#isLarge(grid)) return this.#store.kept(`${name} ${grid}`, store => readOf(store, name, grid));
    const key = `${name} ${grid}`;
    const { file, reader } = this.#store;
    let kept = this.#kept.get(key);
    if (kept?.file !== file) {
      kept = { file, reading: undefined, pending: undefined, counter: -1, madeMs: 0, tookMs: 0 };
      this.#kept.set(key, kept);
    }
    const isStale =
      kept.reading === undefined || !isFresh(kept, reader.changeCounter(), performance.now(), threadShare);
    if (isStale) kept.pending ??= this.#make(kept, name, grid);
    if (kept.reading === undefined) await kept.pending;
    return kept.reading as Readings[Name];
  }

  async #make(kept: Kept, name: keyof Readings, grid: string): Promise<void> {
    const begin = performance.now();
    const counter = this.#store.reader.changeCounter();
    let tookMs: number | undefined;
    try {
      const answer = await this.#thread.read(this.#store.paths.root, name, grid);
      kept.reading = answer.reading;
      tookMs = answer.tookMs;
    } catch {
      // What was shown before is still shown; without any the question is answered here, or told why not.
      kept.reading ??= readOf(this.#store.reader, name, grid);
    } finally {
      const madeMs = performance.now();
      Object.assign(kept, { counter, madeMs, tookMs: tookMs ?? madeMs - begin, pending: undefined });
    }
  }

  #isLarge(grid: string): boolean {
    const { file, reader } = this.#store;
    const key = `${file} ${grid}`;
    if (this.#large.has(key)) return true;
    reader.grid(grid);
    const cells = Object.values(reader.countsByState(grid)).reduce((sum, count) => sum + count, 0);
    if (cells > manyCells) this.#large.add(key);
    return cells > manyCells;
  }
}
