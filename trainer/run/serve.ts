/** Serves runs one after the other: requests come in as lines, events go out through `emit`. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { FailureClass, RunRequest, TrainerRequest } from '../contract/events.js';
import { trainerRequests } from '../contract/request-schemas.js';
import { checkedByType, UnexpectedJsonError } from '../files/checked-json.js';
import { runCell } from './run-cell.js';
import type { RunEnvironment } from './run-environment.js';

export interface ServeOptions extends Omit<RunEnvironment, 'isDraining'> {
  input: Readable;
  /** The runner is gone: nobody waits for what is running. */
  onEnd(): void;
  /** Called after each run with its failure, if it failed. */
  onRunEnd(failure: FailureClass | undefined): void;
}

/** A run that was asked for, or what is wrong with the request. */
type Asked = { request: RunRequest } | { cellId: string; problem: string };
type Entry = Asked & { drained: boolean };

/** Ends it after its epoch when it is to drain, and after the epoch that it was asked for. */
function until(
  entry: Entry & { request: RunRequest },
  emit: ServeOptions['emit'],
): Pick<RunEnvironment, 'emit' | 'isDraining'> {
  const { untilEpoch = Number.POSITIVE_INFINITY } = entry.request;
  let finished = 0;
  return {
    isDraining: () => entry.drained || finished >= untilEpoch,
    emit: event => {
      if (event.type === 'started') finished = event.resumedFromEpoch;
      if (event.type === 'epoch') finished = event.epoch;
      emit(event);
    },
  };
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
        if ('request' in entry)
          onRunEnd(await runCell(entry.request, { ...environment, ...until(entry, environment.emit) }));
        else {
          const failure = 'badConfiguration';
          environment.emit({ type: 'failed', cellId: entry.cellId, failure, message: entry.problem });
          onRunEnd(failure);
        }
      }
      if (stopping) resolve();
    }

    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    lines.on('line', line => {
      const request = readRequest(line);
      if (request === undefined) return;
      if ('problem' in request) waiting.push({ ...request, drained: false });
      else if (request.type === 'run') waiting.push({ request, drained: false });
      else if (request.type === 'shutdown') stopping = true;
      else if (request.type === 'drain')
        // What is asked for later is meant to run.
        for (const entry of running === undefined ? waiting : [running, ...waiting]) entry.drained = true;
      void work();
    });
    lines.on('close', onEnd);
  });
}

/** A run that can't be read fails as its cell where that can be told; other lines that make no sense are passed over, with words on stderr. */
function readRequest(line: string): TrainerRequest | { cellId: string; problem: string } | undefined {
  if (line.trim() === '') return undefined;
  try {
    return checkedByType<TrainerRequest>(line, trainerRequests, 'a request');
  } catch (error) {
    if (!(error instanceof UnexpectedJsonError)) throw error;
    const { type, cellId } = (error.value ?? {}) as { type?: unknown; cellId?: unknown };
    if (type === 'run' && typeof cellId === 'string' && cellId !== '')
      return { cellId, problem: error.message };
    process.stderr.write(`trainer: ${error.message}\n`);
    return undefined;
  }
}
