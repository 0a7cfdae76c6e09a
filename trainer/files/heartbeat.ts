/** Keeps this process's locks fresh, from a thread of its own: a long step of the main one must not look like its end. */
import { Worker } from 'node:worker_threads';

export type BeatRequest = { path: string; token: string; isHeld: boolean };

let worker: Worker | undefined;

/** Renews a lock until `stopBeating`, or until it is somebody else's. */
export function startBeating(path: string, token: string): void {
  worker ??= startWorker();
  send({ path, token, isHeld: true });
}

function startWorker(): Worker {
  // Flags of the main thread (`--input-type`) may not fit a worker.
  const thread = new Worker(new URL('./heartbeat-worker.js', import.meta.url), { execArgv: [] });
  // On this machine the process itself is looked for, so that work goes on without a heartbeat.
  thread.on('error', () => {}).unref();
  return thread;
}

export function stopBeating(path: string, token: string): void {
  send({ path, token, isHeld: false });
}

function send(request: BeatRequest): void {
  worker?.postMessage(request);
}
