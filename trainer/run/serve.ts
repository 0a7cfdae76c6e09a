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

interface Entry {
  request: RunRequest;
  drained: boolean;
}

/** Resolves when a `shutdown` was asked for and the runs before it have ended. */
export function serve(options: ServeOptions): Promise<void> {
  const { input, onEnd, onRunEnd, ...environment } = options;
  const waiting: Entry[] = [];
  let running: Entry | undefined;
  let stopping = false;
  return new Promise(resolve => {
    async function work(): Promise<void> {
      if (running !== undefined) return;
      for (running = waiting.shift(); running !== undefined; running = waiting.shift()) {
        const entry = running;
        onRunEnd(await runCell(entry.request, { ...environment, isDraining: () => entry.drained }));
      }
      if (stopping) resolve();
    }

    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', line => {
      const request = parseRequest(line);
      if (request?.type === 'run') waiting.push({ request, drained: false });
      else if (request?.type === 'shutdown') stopping = true;
      else if (request?.type === 'drain')
        // What is asked for later is meant to run.
        for (const entry of running === undefined ? waiting : [running, ...waiting]) entry.drained = true;
      void work();
    });
    lines.on('close', onEnd);
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
