/** Thread that makes training batches ahead of the step; see worker-pool.ts. */
import { parentPort } from 'node:worker_threads';
import { batchMaker } from './batch-maker.js';
import type { WorkerAnswer, WorkerRequest } from './worker-pool.js';

const streams = new Map<number, { make: ReturnType<typeof batchMaker>; slots: Uint8Array[] }>();

parentPort!.on('message', (request: WorkerRequest) => {
  if (request.type === 'open')
    streams.set(request.stream, { make: batchMaker(request.source), slots: request.slots });
  else if (request.type === 'close') streams.delete(request.stream);
  else {
    const { make, slots } = streams.get(request.stream)!;
    const erased = make(request.first, request.end, slots[request.slot]!);
    parentPort!.postMessage({ task: request.task, erased } satisfies WorkerAnswer);
  }
});
