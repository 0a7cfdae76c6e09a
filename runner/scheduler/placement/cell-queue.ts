/** The queue of cells as PQueue takes it: it has something to give only while a cell can go to a slot. */
import PQueue, { type Queue } from 'p-queue';
import { longestFirstShortens } from './longest-first.js';

type Run = () => Promise<unknown>;

interface Options {
  priority?: number;
  id?: string;
}

export interface Item {
  id: string;
  priority: number;
  run: Run;
  /** The order in which it came. */
  number: number;
}

/** What the queue asks. */
export interface Placing {
  /** Whether a slot is free at all. */
  readonly hasFree: boolean;
  /** How many cells go at a time. */
  readonly slots: number;
  /** Seconds that are left of a cell, as far as is known; `version` grows as more is. */
  secondsOf(id: string): number | undefined;
  readonly version: number;
  /** Index of the one that goes next; undefined: none can. */
  choose(items: readonly Item[]): number | undefined;
  /** It goes. */
  take(id: string): void;
}

export class CellQueue implements Queue<Run, Options> {
  readonly #items: Item[] = [];
  #count = 0;
  #isSorted = true;
  #version = -1;

  constructor(private readonly placing: Placing) {}

  /** As long as no slot is free PQueue starts none in any case. */
  get size(): number {
    if (this.#items.length === 0 || !this.placing.hasFree) return this.#items.length;
    return this.#next() === undefined ? 0 : this.#items.length;
  }

  enqueue(run: Run, { priority = 0, id = '' }: Options = {}): void {
    this.#items.push({ id, priority, run, number: this.#count++ });
    this.#isSorted = false;
  }

  dequeue(): Run | undefined {
    const index = this.#next() ?? 0;
    const [item] = this.#items.splice(index, 1);
    if (item !== undefined) this.placing.take(item.id);
    return item?.run;
  }

  setPriority(id: string, priority: number): void {
    const item = this.#items.find(one => one.id === id);
    if (item === undefined) throw new ReferenceError(`${id} is not in the queue`);
    item.priority = priority;
    this.#isSorted = false;
  }

  remove(idOrRun: string | Run): void {
    const index = this.#items.findIndex(({ id, run }) => id === idOrRun || run === idOrRun);
    if (index !== -1) this.#items.splice(index, 1);
  }

  filter({ priority }: Readonly<Options>): Run[] {
    return this.#items.filter(item => item.priority === priority).map(({ run }) => run);
  }

  #next(): number | undefined {
    this.#sort();
    return this.placing.choose(this.#items);
  }

  /** By priority; the longest first among equals where that helps, else as they came. */
  #sort(): void {
    const { version, slots } = this.placing;
    if (this.#isSorted && this.#version === version) return;
    this.#isSorted = true;
    this.#version = version;
    const inOrder = [...this.#items].sort((a, b) => b.priority - a.priority || a.number - b.number);
    const seconds = inOrder.map(({ id }) => this.placing.secondsOf(id));
    if (longestFirstShortens(seconds, slots)) {
      const known = seconds.filter(value => value !== undefined);
      const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
      const of = new Map(inOrder.map((item, index) => [item, seconds[index] ?? mean]));
      inOrder.sort((a, b) => b.priority - a.priority || of.get(b)! - of.get(a)! || a.number - b.number);
    }
    for (const [index, item] of inOrder.entries()) this.#items[index] = item;
  }
}

export const queueBy = (placing: Placing): PQueue<CellQueue> =>
  new PQueue({
    queueClass: class extends CellQueue {
      constructor() {
        super(placing);
      }
    },
  });
