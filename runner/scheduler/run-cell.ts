import type { EngineName, TrainerEvent } from '../../trainer/contract/events.js';
import { machineCondition } from '../../trainer/contract/machine-conditions.js';
import type { DataSpec } from '../../trainer/contract/run-spec.js';
import type { Cell } from '../domain/cell.js';
import type { Failure } from '../domain/run.js';
import type { EndState, HeldState } from '../domain/run-state.js';
import type { StoredCell } from '../domain/stored-cell.js';
import { type CurrentInputs, inputChanges, withoutOutputs } from '../grid/identity/inputs/trainer-inputs.js';
import type { OpenSlot } from '../slots/backend.js';
import { dataAt } from '../slots/data-root.js';
import { startOn } from '../slots/submission.js';
import type { ResultsPaths } from '../store/run-paths.js';
import type { AdoptedRun, RunHandle, StoreWriter } from '../store/run-store.js';
import { isConditionOfMachine, StoreError } from '../store/store-error.js';
import { folderArtifacts } from '../trainer-client/artifacts.js';
import type { RunHandle as SlotHandle } from '../trainer-client/trainer-run.js';
import { makeCellFolder, setCheckpointsAside } from './cell-folder.js';
import { Deadline } from './deadline.js';
import { EpochRecorder } from './epoch-recorder.js';
import { Patience } from './patience.js';
import { endOf, stoppedByMachine } from './run-end.js';

/** The part of the store that a run is written through. */
export type RunRecorder = Pick<
  StoreWriter,
  | 'startRun'
  | 'recordRef'
  | 'outlivingRuns'
  | 'adoptRun'
  | 'recordInputs'
  | 'recordStarted'
  | 'recordEpoch'
  | 'beginAfter'
  | 'recordWarning'
  | 'recordMemory'
  | 'passEvent'
  | 'finishRun'
  | 'requeue'
  | 'hold'
  | 'markRungs'
  | 'curves'
  | 'cellsById'
  | 'metricsOf'
>;

export interface RunContext {
  store: RunRecorder;
  paths: ResultsPaths;
  /** Folder of the grid file. */
  gridFolder: string;
  /** What runs of the grid's own trainer rest on, as it is now; null: the shared trainer. */
  inputs: (() => CurrentInputs) | null;
  /** Null: no limit. */
  timeoutSeconds: number | null;
  /** So long a run waits for the machine. */
  waitSeconds: number;
  /** A run of the cell that is under way on the slot, without a runner, is gone on with. */
  adopts: boolean;
  /** Aborted once nobody wants to wait any longer. */
  signal: AbortSignal;
  /** Of data by what they hold; undefined: they weren't looked at. */
  fingerprintOf?: ((data: DataSpec) => string | undefined) | undefined;
  /** The run ends after this epoch; undefined: after the last. */
  untilEpoch?: number | undefined;
  /** The engine that the shared trainer is to run on; null: whatever the slot takes. */
  engine: EngineName | null;
  /** Whether the cell is to begin anew, and hasn't yet: what it was trained to before is set aside then. */
  takeAnew(): boolean;
  /** What a run that drains has been asked to become; undefined: to be gone on from. */
  wish(): HeldState | undefined;
  /** What is known of why it failed, beside its trainer's word. */
  explain(failure: Failure): Failure;
  /** Called with the handle as soon as the run has begun. */
  onStart(run: RunHandle, handle: SlotHandle): void;
  onEvent(event: TrainerEvent): void;
  /** A condition of the machine holds the run up; undefined: no longer. */
  onWait(waiting: { reason: string; sinceMs: number; untilMs: number } | undefined): void;
}

/** How a run ended, as stored. */
export interface RunResult {
  attempt: number;
  /** `interrupted` with a failure of class `environment`: by a condition of the machine. */
  state: EndState;
  failure?: Failure;
  /** It has waited for the machine as long as it may, since then. */
  waitedSinceMs?: number;
  /** Another has the cell now, or its lease was ended: nothing of the run could be stored any more. */
  isLost?: true;
}

/**
 * Runs a cell once on a slot and writes everything into the store as it comes. What a condition of the machine keeps from
 * being stored is stored as soon as it can be; the trainer waits meanwhile.
 *
 * @throws StoreError if it can't be written; the run is killed then, and goes on from its checkpoint another time.
 */
export async function executeRun(cell: Cell, slot: OpenSlot, context: RunContext): Promise<RunResult> {
  const { store } = context;
  let handle: SlotHandle | undefined;
  const onLost = () => handle?.kill();
  const adopted = context.adopts
    ? await storing(context, () => store.adoptRun(cell.cellId, onLost))
    : undefined;
  const run =
    adopted?.run ?? (await storing(context, () => store.startRun(cell.cellId, slot.slotId, onLost)));
  try {
    return await carryOut(cell, slot, { run, adopted }, context, started => {
      handle = started;
    });
  } catch (error) {
    if (!(error instanceof StoreError && error.problem === 'leaseLost')) throw error;
    // The trainer is gone before anybody else goes on from its checkpoint here.
    await handle?.exit;
    return { attempt: run.attempt, state: 'interrupted', isLost: true };
  }
}

/** @throws StoreError `leaseLost`, and if it can't be written */
async function carryOut(
  cell: Cell,
  slot: OpenSlot,
  { run, adopted }: { run: RunHandle; adopted: AdoptedRun | undefined },
  context: RunContext,
  onHandle: (handle: SlotHandle) => void,
): Promise<RunResult> {
  const { store, paths } = context;
  const folder = paths.cell(cell.cellId);
  const { attempt } = run;
  const spec = { ...cell.spec, data: dataAt(slot.dataRoot, cell.spec.data) };
  let aside: string | undefined;
  let anew = false;
  try {
    makeCellFolder(folder, spec);
    anew = adopted === undefined && context.takeAnew();
    if (anew) aside = setCheckpointsAside(folder);
  } catch (error) {
    const end = stoppedByMachine(
      `${machineCondition(error) ?? 'the folder can’t be used'}: ${messageOf(error)}`,
    );
    await storing(context, () => store.finishRun(run, end));
    return { attempt, ...end };
  }
  const before = store.cellsById([cell.cellId]).get(cell.cellId);
  const inputs = context.inputs?.();
  if (inputs !== undefined) await storing(context, () => store.recordInputs(run, inputs));
  const slotRun = {
    cellId: cell.cellId,
    attempt,
    spec,
    anew,
    finishedEpochs: isChanged(before, inputs) ? 0 : (before?.epochs ?? 0),
    untilEpoch: context.untilEpoch,
    engine: context.engine,
    dataFingerprint: context.fingerprintOf?.(cell.spec.data),
    artifacts: folderArtifacts({ cell: folder, cache: paths.cache, grid: context.gridFolder }, spec.init),
  };
  const handle =
    adopted === undefined ? startOn(slot, slotRun) : slot.attach(adopted.ref, slotRun, adopted.lastEvent);
  onHandle(handle);
  context.onStart(run, handle);
  if (aside !== undefined)
    context.onEvent({
      type: 'warning',
      cellId: cell.cellId,
      message: `begins anew; what it was trained to before is kept in ${aside}`,
    });
  const last = adopted?.lastEvent ?? 0;
  const epochs = new EpochRecorder(store, run, last > 0 ? store.metricsOf(cell.cellId) : []);
  const { end: told, waitedSinceMs } = await follow(handle, { run, epochs, last }, context);
  const end = told.failure === undefined ? told : { ...told, failure: context.explain(told.failure) };
  if (inputs !== undefined && inputs.arguments.size > 0)
    await storing(context, () => store.recordInputs(run, withoutOutputs(inputs, context.inputs!())));
  await storing(context, () => store.finishRun(run, end));
  return { attempt, ...end, ...(waitedSinceMs !== undefined && { waitedSinceMs }) };
}

/** Stores and passes on what a run tells, and ends it when its time is over: that of training, or that of waiting for the machine. */
async function follow(
  handle: SlotHandle,
  { run, epochs, last }: { run: RunHandle; epochs: EpochRecorder; last: number },
  context: RunContext,
) {
  let lastEvent = last;
  const { timeoutSeconds, waitSeconds } = context;
  let cut: Failure | undefined;
  const cutBy = (failure: Failure) => {
    cut = failure;
    handle.kill();
  };
  const training = new Deadline(timeoutSeconds, () =>
    cutBy({
      class: 'timeout',
      message: `took longer than the ${timeoutSeconds} s that the grid allows`,
    }),
  );
  const patience = new Patience(waitSeconds, context.signal);
  let reason = '';
  let waiting: Deadline | undefined;
  try {
    training.start();
    for await (const event of handle.events) {
      if (event.type === 'submitted') {
        await storing(context, () => context.store.recordRef(run, event.ref));
        continue;
      }
      const { number } = event;
      if (number !== undefined) {
        if (number <= lastEvent) continue;
        if (number > lastEvent + 1) {
          cutBy({
            class: 'lostSlot',
            message: `the slot lost what the run told: event ${number} came after ${lastEvent}`,
          });
          break;
        }
        lastEvent = number;
      }
      if (event.type === 'waiting') {
        const isNews = waiting === undefined || reason !== event.reason;
        reason = event.reason;
        waiting ??= new Deadline(waitSeconds, () => cutBy({ class: 'environment', message: reason }));
        waiting.start();
        if (isNews) context.onWait({ reason, ...patience.begin() });
      } else if (waiting !== undefined) {
        waiting.stop();
        waiting = undefined;
        patience.reset();
        context.onWait(undefined);
      }
      training.stop();
      await storing(context, () => record(context.store, run, epochs, event));
      if (waiting === undefined) training.start();
      context.onEvent(event);
    }
  } finally {
    waiting?.stop();
    training.stop();
    handle.kill();
  }
  return {
    end: endOf(await handle.exit, cut, context.wish()),
    ...(cut?.class === 'environment' && { waitedSinceMs: patience.sinceMs }),
  };
}

/** Writes into the store, again and again while a condition of the machine keeps it from being written. */
async function storing<T>(
  { waitSeconds, signal, onWait }: Pick<RunContext, 'waitSeconds' | 'signal' | 'onWait'>,
  work: () => T,
): Promise<T> {
  const patience = new Patience(waitSeconds, signal);
  for (;;) {
    try {
      const result = work();
      if (patience.sinceMs !== undefined) onWait(undefined);
      return result;
    } catch (error) {
      if (!isConditionOfMachine(error)) throw error;
      if (patience.sinceMs === undefined) onWait({ reason: messageOf(error), ...patience.begin() });
      if (!(await patience.pause())) throw error;
    }
  }
}

/** Epochs that another state of the program reported are none of this run's. */
const isChanged = (before: StoredCell | undefined, inputs: CurrentInputs | undefined): boolean =>
  inputs !== undefined && before?.inputs != null && inputChanges(before.inputs, inputs).length > 0;

function record(
  store: RunRecorder,
  run: RunHandle,
  epochs: EpochRecorder,
  event: TrainerEvent & { number?: number },
): void {
  const { number } = event;
  if (event.type === 'epoch') epochs.record(event, number);
  else if (event.type === 'warning') store.recordWarning(run, event.message, number);
  else if (event.type === 'memory') store.recordMemory(run, event, number);
  else if (event.type === 'started' && event.provenance !== undefined)
    store.recordStarted(run, { ...event, provenance: event.provenance }, number);
  else {
    if (event.type === 'started') for (const epoch of event.history) epochs.record(epoch);
    // How it ended is told again until the end is stored.
    if (number !== undefined && !endsRun(event)) store.passEvent(run, number);
  }
}

const endsRun = ({ type }: TrainerEvent): boolean =>
  type === 'completed' || type === 'interrupted' || type === 'failed';

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
