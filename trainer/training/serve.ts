/** Serves runs one after the other: requests come in as lines, events go out through `emit`. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { FailureClass, RunRequest, TrainerRequest } from '../contract/events.js';
import { runCell } from './run-cell.js';
import type { RunEnvironment } from './run-environment.js';

export interface ServeOptions extends Omit<RunEnvironment, 'isDraining'> {
  input: Readable;
  /** The runner is gone: nobody waits for what is running. */
  onEnd(): void;
  /** Called after each run with its failure, if it failed. */
  onRunEnd(failure: FailureClass | undefined): void;
}

/** Resolves when a `shutdown` was asked for and the runs before it have ended. */
export function serve(options: ServeOptions): Promise<void> {
  const waiting: RunRequest[] = [];
  let running = false;
  let draining = false;
  let stopping = false;
  return new Promise(resolve => {
    const environment: RunEnvironment = { ...options, isDraining: () => draining };

    async function work(): Promise<void> {
      if (running) return;
      running = true;
      for (let request = waiting.shift(); request !== undefined; request = waiting.shift())
        options.onRunEnd(await runCell(request, environment));
      running = false;
      draining = false;
      if (stopping) resolve();
    }

    const lines = createInterface({ input: options.input, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', line => {
      const request = parseRequest(line);
      if (request?.type === 'run') waiting.push(request);
      else if (request?.type === 'drain') draining = running || waiting.length > 0;
      else if (request?.type === 'shutdown') stopping = true;
      void work();
    });
    lines.on('close', options.onEnd);
  });
}

function parseRequest(line: string): TrainerRequest | undefined {
  if (line.trim() === '') return undefined;
  try {
    const request = JSON.parse(line) as TrainerRequest;
    if (['run', 'drain', 'shutdown'].includes(request?.type)) return request;
    throw new Error(`type ${JSON.stringify(request?.type)}, expected run, drain or shutdown`);
  } catch (error) {
    process.stderr.write(`trainer: a request that makes no sense: ${(error as Error).message}\n`);
    return undefined;
  }
}
