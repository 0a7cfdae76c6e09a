/** A cell from its request to its last event. */
import { type Checkpoint, CheckpointStore, weightsPath } from '../checkpoints/checkpoint-store.js';
import type { FailureClass, RunRequest, TrainerEvent } from '../contract/events.js';
import { WaitCancelledError } from '../files/lock-file.js';
import { parameterCount } from '../models/model.js';
import { diagnoseNan } from '../training/diagnose-nan.js';
import { trainEpoch, validate } from '../training/epoch.js';
import { overflowReport } from '../training/loss-scale.js';
import { NanLossError } from '../training/meter.js';
import { evaluateBest } from './evaluate-best.js';
import { classify, configured } from './failure.js';
import { type PreparedRun, prepareRun } from './prepare.js';
import { bestOf, epochRecord } from './record.js';
import { findCheckpoint } from './resume.js';
import type { RunEnvironment } from './run-environment.js';
import { lockRun } from './run-lock.js';
import { Session } from './session.js';
import { asOf, begin, type Standing } from './standing.js';
import { throttled } from './throttle.js';
import { initialValues } from './warm-start.js';
import { type Waiting, whenPossible } from './when-possible.js';

const progressIntervalMs = 250;

/** Runs the cell and reports all of it, failures too, as events. Never rejects. */
export async function runCell(
  request: RunRequest,
  environment: RunEnvironment,
): Promise<FailureClass | undefined> {
  const { cellId, runDir } = request;
  const { emit, isDraining } = environment;
  const waiting = {
    onWait: (reason: string) => emit({ type: 'waiting', cellId, reason }),
    isOver: isDraining,
  };
  try {
    const lock = await lockRun(runDir, waiting);
    try {
      await trainCell(request, environment, waiting);
    } finally {
      lock.release();
    }
    return undefined;
  } catch (error) {
    if (error instanceof WaitCancelledError) {
      emit({ type: 'interrupted', cellId, epoch: 0 });
      return undefined;
    }
    const failure = classify(error);
    if (failure.failure === 'crash') console.error(`cell ${cellId}:`, error);
    emit({ type: 'failed', cellId, ...failure });
    return failure.failure;
  }
}

async function trainCell(request: RunRequest, environment: RunEnvironment, waiting: Waiting): Promise<void> {
  const { cellId, spec, runDir } = request;
  const { emit } = environment;
  const { epochs } = spec.train;
  const run = await prepareRun(request, environment, waiting);
  const store = new CheckpointStore(runDir);
  const warn = (message: string) => emit({ type: 'warning', cellId, message });
  const checkpoint = await findCheckpoint(
    store,
    { current: run.provenance, classNames: run.data.classNames, metric: spec.objective.metric },
    warn,
  );
  let standing: Standing = checkpoint ? asOf(checkpoint.state, spec.objective, warn) : begin(run.provenance);
  const isComplete = () => standing.epoch >= epochs;
  emit({
    type: 'started',
    cellId,
    // A finished run rests on what it was made with.
    provenance: isComplete() ? standing.provenance : run.provenance,
    resumedFromEpoch: standing.epoch,
    history: standing.history,
    parameters: parameterCount(run.model),
    trainImages: run.trainImages,
    validationImages: run.data.validationImages,
    classes: run.data.classes,
  });
  run.data.warnings.forEach(warn);
  if (!isComplete()) {
    const save = (content: Checkpoint, isBest: boolean) =>
      whenPossible(() => store.save(content, isBest), waiting);
    const cell = { request, run, store, save, emit };
    try {
      await withSession(cell, checkpoint, warn, async session => {
        while (!isComplete() && !environment.isDraining()) standing = await runEpoch(cell, session, standing);
      });
    } catch (error) {
      throw error instanceof NanLossError ? await explained(error, cell, standing) : error;
    }
    if (!isComplete()) return emit({ type: 'interrupted', cellId, epoch: standing.epoch });
  }
  await whenPossible(() => evaluateBest(run.engine, request, run, standing), waiting);
  emit({ type: 'completed', cellId, epochs: standing.epoch, weightsHash: standing.weightsHash });
}

interface RunningCell {
  request: RunRequest;
  run: PreparedRun;
  store: CheckpointStore;
  /** Waits until the disk takes it. */
  save: CheckpointStore['save'];
  emit(event: TrainerEvent): void;
}

/** Works with what the checkpoint holds, or with initial values, on the device. */
async function withSession<T>(
  { request, run }: RunningCell,
  checkpoint: Checkpoint | null,
  onWarning: (message: string) => void,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { spec } = request;
  const initial =
    checkpoint === null ? await initialValues(run.model, run.data.classNames, spec, onWarning) : {};
  const session = configured(() =>
    Session.create(run.engine, spec, run.model, run.data, checkpoint, initial),
  );
  try {
    return await work(session);
  } finally {
    session.dispose();
  }
}

/** The training batches of the next epoch, and how its first step is taken. */
function epochInput({ request, run }: RunningCell, { epoch, history, step }: Standing) {
  const { seed, train, augmentation, optimizer } = request.spec;
  const { data, schedule, stepsPerEpoch } = run;
  const { epochs } = train;
  const base = optimizer.learningRate as number;
  const ratesAt = (current: number) =>
    schedule({ epoch, step: current, epochs, stepsPerEpoch, base, history });
  return {
    batches: data.trainBatches({ ...train, seed, epoch, augmentation }),
    options: { ...train, seed, step, ratesAt, classes: data.classes },
  };
}

/** The error with the layer named that the NaN came from. */
async function explained(error: NanLossError, cell: RunningCell, before: Standing): Promise<NanLossError> {
  const checkpoint = await cell.store.loadNewest(() => {}, cell.request.spec.objective.metric);
  const { batches, options } = epochInput(cell, before);
  return withSession(
    cell,
    checkpoint,
    () => {},
    session => diagnoseNan(error, session, batches, options),
  );
}

/** Trains, validates, writes the checkpoint, and only then speaks of it. */
async function runEpoch(cell: RunningCell, session: Session, before: Standing): Promise<Standing> {
  const { emit } = cell;
  const { lossScaler } = session;
  const { cellId, spec } = cell.request;
  const { data, provenance, batchesPerEpoch, stepsPerEpoch } = cell.run;
  const { train, objective } = spec;
  const { epoch, history, step } = before;
  const start = performance.now();

  const { batches, options } = epochInput(cell, before);
  const reportProgress = throttled(progressIntervalMs, (number: number, loss: number | null) =>
    emit({ type: 'progress', cellId, epoch: epoch + 1, step: number, stepsPerEpoch, loss }),
  );
  const trained = await trainEpoch(session, batches, options, reportProgress);
  const validated = await validate(session, data.validationBatches(train.batchSize), data.classes);
  const average = session.average && { ...session, network: session.average.network };
  const validatedAverage =
    average && (await validate(average, data.validationBatches(train.batchSize), data.classes));
  const steps = step + trained.steps;
  const overflows = lossScaler && overflowReport(before.lossScale, lossScaler.state);
  if (overflows) emit({ type: 'warning', cellId, message: `epoch ${epoch + 1}: ${overflows}` });
  const record = epochRecord({
    epoch: epoch + 1,
    step: steps,
    trained,
    validated,
    validatedAverage,
    learningRate: options.ratesAt(steps - 1).learningRate,
    start,
  });

  const best = bestOf(record, before.best, objective);
  const isBest = best?.epoch === record.epoch;
  const { files, weightsHash } = await session.snapshot(record, record.epoch * batchesPerEpoch);
  const { epoch: finished } = record;
  const after = {
    epoch: finished,
    step: steps,
    history: [...history, record],
    best,
    provenance,
    weightsHash,
    ...(lossScaler && { lossScale: lossScaler.state }),
  };
  await cell.save({ state: after, ...files }, isBest);

  for (const kind of isBest ? (['last', 'best'] as const) : (['last'] as const))
    emit({ type: 'checkpoint', cellId, kind, epoch: finished, path: weightsPath(kind) });
  emit({ type: 'epoch', cellId, ...record });
  return after;
}
