import { Worker } from 'node:worker_threads';
import type { Readings } from './read-board.js';

export interface Question {
  number: number;
  results: string;
  name: keyof Readings;
  grid: string;
}

/** Parts of the list as they come; then the rest; or that it could not be read. */
export type Told = { number: number } & (
  | { rows: unknown[] }
  | { rest: object; tookMs: number }
  | { failed: string }
);

type Answer<Name extends keyof Readings> = { reading: Readings[Name]; tookMs: number };
type Asked = {
  rows: unknown[];
  resolve(answer: { reading: object; tookMs: number }): void;
  reject(error: Error): void;
};

/** Reads what takes seconds of a large grid while this thread answers. It is started by the first question. */
export class ReadingThread {
  #worker: Worker | undefined;
  #isClosed = false;
  #last = 0;
  readonly #asked = new Map<number, Asked>();

  read<Name extends keyof Readings>(results: string, name: Name, grid: string): Promise<Answer<Name>> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) {
        reject(closed());
        return;
      }
      this.#worker ??= this.#start();
      const number = ++this.#last;
      this.#asked.set(number, { rows: [], resolve: answer => resolve(answer as Answer<Name>), reject });
      this.#worker.postMessage({ number, results, name, grid } satisfies Question);
    });
  }

  /** The thread ends by itself, and this process not before it: SQLite's binding aborts where it is interrupted. */
  close(): void {
    this.#isClosed = true;
    this.#fail(closed());
    this.#worker?.ref();
    this.#worker?.postMessage('end');
    this.#worker = undefined;
  }

  #start(): Worker {
    // Flags of the main thread (`--input-type`) may not fit a worker.
    const worker = new Worker(new URL('./reading-worker.js', import.meta.url), { execArgv: [] });
    worker.on('message', (told: Told) => this.#take(told));
    worker.on('error', error => {
      if (this.#worker === worker) this.#worker = undefined;
      this.#fail(error);
    });
    worker.unref();
    return worker;
  }

  #take(told: Told): void {
    const asked = this.#asked.get(told.number);
    if (asked === undefined) return;
    if ('rows' in told) {
      for (const row of told.rows) asked.rows.push(row);
      return;
    }
    this.#asked.delete(told.number);
    if ('failed' in told) asked.reject(new Error(told.failed));
    else asked.resolve({ reading: { ...told.rest, rows: asked.rows }, tookMs: told.tookMs });
  }

  #fail(error: Error): void {
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }
}

const closed = () => new Error('the server is being closed');
