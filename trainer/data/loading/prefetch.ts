import { sharedBytes } from '../cache/decoded-file.js';
import type { BatchErasedBox, EpochSource } from './batch-maker.js';
import { type BatchWorker, batchWorkers } from './worker-pool.js';

/** A batch in a slot of the ring. */
export interface MadeBatch {
  images: Uint8Array;
  erased: BatchErasedBox[];
}

let lastStream = 0;
/** The ring of the last epoch, to be used again. */
let spareRing: Uint8Array[] = [];

/**
 * Makes the batches [firsts[i], firsts[i + 1]) of an epoch in `workers` threads, ahead of the reader: while it works on
 * one, the threads have one each and another is ready. A batch is overwritten once the next one is asked for.
 */
export async function* prefetch(
  source: EpochSource,
  bounds: readonly (readonly [first: number, end: number])[],
  slotLength: number,
  workers: number,
): AsyncGenerator<MadeBatch, void, undefined> {
  const pool = batchWorkers(workers);
  const stream = ++lastStream;
  const slots = takeRing(slotLength, workers + 2);
  for (const worker of pool) worker.send({ type: 'open', stream, source, slots });
  const made: Promise<BatchErasedBox[]>[] = [];
  const order = (batch: number) => {
    if (batch >= bounds.length) return;
    const worker = pool[batch % workers] as BatchWorker;
    made[batch] = worker.make(stream, batch % slots.length, ...bounds[batch]!);
    // A failure is thrown where the batch is awaited, which may be never.
    made[batch].catch(() => {});
  };
  try {
    for (let batch = 0; batch < slots.length; batch++) order(batch);
    for (let batch = 0; batch < bounds.length; batch++) {
      const erased = await made[batch]!;
      delete made[batch];
      yield { images: slots[batch % slots.length]!, erased };
      order(batch + slots.length);
    }
  } finally {
    // Threads must be done with the ring before another epoch may have it.
    await Promise.allSettled(made);
    for (const worker of pool) if (worker.isAlive) worker.send({ type: 'close', stream });
    spareRing = slots;
  }
}

function takeRing(slotLength: number, slots: number): Uint8Array[] {
  const ring = spareRing;
  spareRing = [];
  if (ring.length === slots && ring[0]!.length === slotLength) return ring;
  return Array.from({ length: slots }, () => sharedBytes(slotLength));
}
