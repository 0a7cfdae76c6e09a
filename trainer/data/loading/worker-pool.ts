import { Worker } from 'node:worker_threads';
import type { BatchErasedBox, EpochSource } from './batch-maker.js';

export type WorkerRequest =
  | { type: 'open'; stream: number; source: EpochSource; slots: Uint8Array[] }
  /** Make images [first, end) of the epoch's order, into the slot. */
  | { type: 'make'; stream: number; task: number; slot: number; first: number; end: number }
  | { type: 'close'; stream: number };

export interface WorkerAnswer {
  task: number;
  erased: BatchErasedBox[];
}

interface Pending {
  resolve: (erased: BatchErasedBox[]) => void;
  reject: (error: Error) => void;
}

let lastTask = 0;

/** A thread that makes batches. It keeps the process alive only while it works. */
export class BatchWorker {
  readonly #worker = new Worker(new URL('./batch-worker.js', import.meta.url));
  readonly #pending = new Map<number, Pending>();
  /** Set once the thread is gone. */
  #failure: Error | undefined;

  constructor() {
    this.#worker.unref();
    this.#worker.on('message', ({ task, erased }: WorkerAnswer) => {
      this.#pending.get(task)!.resolve(erased);
      this.#pending.delete(task);
      if (this.#pending.size === 0) this.#worker.unref();
    });
    this.#worker.on('error', cause =>
      this.#fail(new Error(`a batch thread failed: ${cause.message}`, { cause })),
    );
    this.#worker.on('exit', code => this.#fail(new Error(`a batch thread ended with exit code ${code}`)));
  }

  get isAlive(): boolean {
    return this.#failure === undefined;
  }

  send(request: Exclude<WorkerRequest, { type: 'make' }>): void {
    this.#worker.postMessage(request);
  }

  /** Rejects if the thread fails before it has answered. */
  make(stream: number, slot: number, first: number, end: number): Promise<BatchErasedBox[]> {
    if (this.#failure) return Promise.reject(this.#failure);
    const task = ++lastTask;
    this.#worker.ref();
    this.#worker.postMessage({ type: 'make', stream, task, slot, first, end } satisfies WorkerRequest);
    return new Promise((resolve, reject) => this.#pending.set(task, { resolve, reject }));
  }

  terminate(): Promise<number> {
    return this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(this.#failure);
    this.#pending.clear();
  }
}

let workers: BatchWorker[] = [];

/** So many running threads: those of earlier epochs and cells, and new ones in place of any that failed. */
export function batchWorkers(count: number): BatchWorker[] {
  workers = workers.filter(({ isAlive }) => isAlive);
  while (workers.length < count) workers.push(new BatchWorker());
  return workers.slice(0, count);
}

/** Ends all threads; the next batches start new ones. */
export async function endBatchWorkers(): Promise<void> {
  const ended = workers;
  workers = [];
  await Promise.all(ended.map(worker => worker.terminate()));
}
