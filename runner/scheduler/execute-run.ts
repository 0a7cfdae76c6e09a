import type { TrainerEvent } from '../../trainer/contract/events.js';
import type { Cell } from '../domain/cell.js';
import type { Failure } from '../domain/run.js';
import type { OpenSlot, RunExit, RunHandle as SlotHandle } from '../slots/backend.js';
import type { ResultsPaths } from '../store/run-paths.js';
import type { RunEnd, RunHandle, StoreWriter } from '../store/run-store.js';
import { makeCellFolder } from './cell-folder.js';
import { EpochRecorder } from './epoch-recorder.js';

/** The part of the store that a run is written through. */
export type RunRecorder = Pick<
  StoreWriter,
  'startRun' | 'recordStarted' | 'recordEpoch' | 'finishRun' | 'requeue' | 'cellsById'
>;

export interface RunContext {
  store: RunRecorder;
  paths: ResultsPaths;
  /** Folder of the grid file. */
  gridFolder: string;
  /** Null: no limit. */
  timeoutSeconds: number | null;
  /** Called with the handle as soon as the run has begun. */
  onStart(run: RunHandle, handle: SlotHandle): void;
  onEvent(event: TrainerEvent): void;
}

/** How a run ended, as stored. */
export interface RunResult {
  attempt: number;
  state: 'completed' | 'failed' | 'interrupted';
  failure?: Failure;
}

/**
 * Runs a cell once on a slot and writes everything into the store as it comes.
 *
 * @throws StoreError if it can't be written; the run is killed then, and goes on from its checkpoint another time.
 */
export async function executeRun(cell: Cell, slot: OpenSlot, context: RunContext): Promise<RunResult> {
  const { store, paths, timeoutSeconds } = context;
  const folder = paths.cell(cell.cellId);
  makeCellFolder(folder, cell);
  const run = store.startRun(cell.cellId, slot.slotId);
  const handle = slot.start({
    cellId: cell.cellId,
    attempt: run.attempt,
    spec: cell.spec,
    finishedEpochs: store.cellsById([cell.cellId]).get(cell.cellId)?.epochs ?? 0,
    runDir: folder.root,
    cacheDir: paths.cache,
    specFile: folder.runSpec,
    logFile: folder.log,
    processFile: folder.process,
    gridFolder: context.gridFolder,
  });
  context.onStart(run, handle);
  const epochs = new EpochRecorder(store, run);
  let timedOut = false;
  const timer =
    timeoutSeconds === null
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          handle.kill();
        }, timeoutSeconds * 1000);
  try {
    for await (const event of handle.events) {
      record(store, run, epochs, event);
      context.onEvent(event);
    }
  } finally {
    clearTimeout(timer);
    handle.kill();
  }
  const end = endOf(await handle.exit, timedOut ? timeoutSeconds : null);
  store.finishRun(run, end);
  return { attempt: run.attempt, ...end };
}

function record(store: RunRecorder, run: RunHandle, epochs: EpochRecorder, event: TrainerEvent): void {
  if (event.type === 'epoch') epochs.record(event);
  else if (event.type === 'started') {
    const { provenance } = event;
    if (provenance !== undefined) store.recordStarted(run, { ...event, provenance });
    else for (const epoch of event.history) epochs.record(epoch);
  }
}

/** `timeoutSeconds`: the limit that the run was killed for; null: it wasn't. */
function endOf(exit: RunExit, timeoutSeconds: number | null): RunEnd & { state: RunResult['state'] } {
  switch (exit.outcome) {
    case 'completed':
      return { state: 'completed', ...(exit.weightsHash !== null && { weightsHash: exit.weightsHash }) };
    case 'interrupted':
      return { state: 'interrupted' };
    case 'killed': {
      if (timeoutSeconds === null) return { state: 'interrupted' };
      const message = `took longer than the ${timeoutSeconds} s that the grid allows`;
      return { state: 'failed', failure: { class: 'timeout', message } };
    }
    case 'failed':
      return { state: 'failed', failure: exit.failure };
  }
}
