import { Worker } from 'node:worker_threads';
import type { Owner } from './leases.js';

export interface KeeperOptions {
  path: string;
  owner: Owner;
  /** Shared: how many leases are held, and how many have been taken so far. No message for each: a cell may take milliseconds. */
  counts: Int32Array;
}

/** What a beat found; only leases that were `taken` before it could be renewed by it. */
export interface Beat {
  taken: number;
  renewedRuns: number[];
}

interface Held {
  /** It was the so many-th that was taken. */
  number: number;
  onLost: () => void;
}

/**
 * Renews this process's leases from a thread of its own, with a connection of its own: a long step of the main thread must not look
 * like its end, and a process that was suspended learns at its first beat which leases it has lost.
 */
export class LeaseKeeper {
  #worker: Worker | undefined;
  /** By run. */
  readonly #held = new Map<number, Held>();
  readonly #options: KeeperOptions;

  constructor(options: Omit<KeeperOptions, 'counts'>) {
    this.#options = { ...options, counts: new Int32Array(new SharedArrayBuffer(8)) };
  }

  /** Of a lease that is stored. `onLost` is called once if another has it, or the store has ended it. */
  keep(run: number, onLost: () => void): void {
    const number = Atomics.add(this.#options.counts, 1, 1) + 1;
    this.#held.set(run, { number, onLost });
    this.#count();
    this.#worker ??= this.#start();
  }

  drop(run: number): void {
    this.#held.delete(run);
    this.#count();
  }

  /** The thread ends by itself, and this process not before it: SQLite's binding aborts where it is interrupted. */
  close(): void {
    this.#worker?.ref();
    this.#worker?.postMessage('end');
    this.#worker = undefined;
  }

  #count(): void {
    Atomics.store(this.#options.counts, 0, this.#held.size);
  }

  #start(): Worker {
    // Flags of the main thread (`--input-type`) may not fit a worker.
    const worker = new Worker(new URL('./lease-worker.js', import.meta.url), {
      execArgv: [],
      workerData: this.#options,
    });
    worker.on('message', ({ taken, renewedRuns }: Beat) => {
      const renewed = new Set(renewedRuns);
      for (const [run, { number, onLost }] of this.#held)
        if (number <= taken && !renewed.has(run)) {
          this.drop(run);
          onLost();
        }
    });
    // Every write checks the lease by itself, so that work goes on without a keeper.
    worker.on('error', () => {}).unref();
    return worker;
  }
}
