/** A cell from its request to its last event. */
import { CheckpointStore, weightsPath } from '../checkpoints/checkpoint-store.js';
import type { FailureClass, RunRequest, TrainerEvent } from '../contract/events.js';
import { parameterCount } from '../models/model.js';
import { trainEpoch, validate } from './epoch.js';
import { classify, configured } from './failure.js';
import { type PreparedRun, prepareRun } from './prepare.js';
import { bestOf, epochRecord } from './record.js';
import { findCheckpoint } from './resume.js';
import type { RunEnvironment } from './run-environment.js';
import { lockRun } from './run-lock.js';
import { Session } from './session.js';
import { begin, type Standing } from './standing.js';
import { throttled } from './throttle.js';

const progressIntervalMs = 250;

/** Runs the cell and reports all of it, failures too, as events. Never rejects. */
export async function runCell(
  request: RunRequest,
  environment: RunEnvironment,
): Promise<FailureClass | undefined> {
  const { cellId, runDir } = request;
  try {
    const unlock = await lockRun(runDir);
    try {
      await trainCell(request, environment);
    } finally {
      await unlock();
    }
    return undefined;
  } catch (error) {
    const failure = classify(error);
    if (failure.failure === 'crash') console.error(`cell ${cellId}:`, error);
    environment.emit({ type: 'failed', cellId, ...failure });
    return failure.failure;
  }
}

async function trainCell(request: RunRequest, environment: RunEnvironment): Promise<void> {
  const { cellId, spec, runDir } = request;
  const { engine, emit } = environment;
  const { epochs } = spec.train;
  const run = await prepareRun(request, environment);
  const store = new CheckpointStore(runDir);
  const warn = (message: string) => emit({ type: 'warning', cellId, message });
  const checkpoint = await findCheckpoint(store, run.provenance, warn);
  let standing: Standing = checkpoint?.state ?? begin(run.provenance);
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
  if (!isComplete()) {
    const session = configured(() => Session.create(engine, spec, run.model, run.data, checkpoint));
    try {
      while (!isComplete()) {
        if (environment.isDraining()) return emit({ type: 'interrupted', cellId, epoch: standing.epoch });
        standing = await runEpoch({ request, run, session, store, emit }, standing);
      }
    } finally {
      session.dispose();
    }
  }
  emit({ type: 'completed', cellId, epochs: standing.epoch, weightsHash: standing.weightsHash });
}

interface RunningCell {
  request: RunRequest;
  run: PreparedRun;
  session: Session;
  store: CheckpointStore;
  emit(event: TrainerEvent): void;
}

/** Trains, validates, writes the checkpoint, and only then speaks of it. */
async function runEpoch(cell: RunningCell, before: Standing): Promise<Standing> {
  const { session, emit } = cell;
  const { cellId, spec } = cell.request;
  const { data, schedule, provenance, batchesPerEpoch, stepsPerEpoch } = cell.run;
  const { seed, train, augmentation, objective } = spec;
  const { epoch, history, step } = before;
  const start = performance.now();

  const base = spec.optimizer.learningRate as number;
  const ratesAt = (current: number) =>
    schedule({ epoch, step: current, epochs: train.epochs, stepsPerEpoch, base, history });
  const reportProgress = throttled(progressIntervalMs, (number: number, loss: number | null) =>
    emit({ type: 'progress', cellId, epoch: epoch + 1, step: number, stepsPerEpoch, loss }),
  );
  const trained = await trainEpoch(
    session,
    data.trainBatches({ ...train, seed, epoch, augmentation }),
    { ...train, seed, step, ratesAt, classes: data.classes },
    reportProgress,
  );
  const validated = await validate(session, data.validationBatches(train.batchSize), data.classes);
  const average = session.average && { ...session, network: session.average.network };
  const validatedAverage =
    average && (await validate(average, data.validationBatches(train.batchSize), data.classes));
  const steps = step + trained.steps;
  const record = epochRecord({
    epoch: epoch + 1,
    step: steps,
    trained,
    validated,
    validatedAverage,
    learningRate: ratesAt(steps - 1).learningRate,
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
  };
  await cell.store.save({ state: after, ...files }, isBest);

  for (const kind of isBest ? (['last', 'best'] as const) : (['last'] as const))
    emit({ type: 'checkpoint', cellId, kind, epoch: finished, path: weightsPath(kind) });
  emit({ type: 'epoch', cellId, ...record });
  return after;
}
