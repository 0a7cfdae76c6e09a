import { Worker } from 'node:worker_threads';
import type { Owner } from './leases.js';

/** To the worker: which runs are held; or that it is to end. */
export type KeeperRequest = { run: number; isHeld: boolean } | 'end';

export interface KeeperOptions {
  path: string;
  owner: Owner;
}

/**
 * Renews this process's leases from a thread of its own, with a connection of its own: a long step of the main thread must not look
 * like its end, and a process that was suspended learns at its first beat which leases it has lost.
 */
export class LeaseKeeper {
  #worker: Worker | undefined;
  readonly #held = new Map<number, () => void>();

  constructor(private readonly options: KeeperOptions) {}

  /** `onLost` is called once if another has the lease, or the store has ended it. */
  keep(run: number, onLost: () => void): void {
    this.#held.set(run, onLost);
    this.#worker ??= this.#start();
    this.#worker.postMessage({ run, isHeld: true } satisfies KeeperRequest);
  }

  drop(run: number): void {
    this.#held.delete(run);
    this.#worker?.postMessage({ run, isHeld: false } satisfies KeeperRequest);
  }

  /** The thread ends by itself, and this process not before it: SQLite's binding aborts where it is interrupted. */
  close(): void {
    this.#worker?.ref();
    this.#worker?.postMessage('end' satisfies KeeperRequest);
    this.#worker = undefined;
  }

  #start(): Worker {
    // Flags of the main thread (`--input-type`) may not fit a worker.
    const worker = new Worker(new URL('./lease-worker.js', import.meta.url), {
      execArgv: [],
      workerData: this.options,
    });
    worker.on('message', (lost: number) => {
      const onLost = this.#held.get(lost);
      this.#held.delete(lost);
      onLost?.();
    });
    // Every write checks the lease by itself, so that work goes on without a keeper.
    worker.on('error', () => {}).unref();
    return worker;
  }
}
