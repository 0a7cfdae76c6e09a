/** A cell from its request to its last event. */
import type { Engine } from '../backend/engine.js';
import { CheckpointStore, weightsPath } from '../checkpoints/checkpoint-store.js';
import { epochMetrics, type Provenance, type RunRequest, type TrainerEvent } from '../contract/events.js';
import { modelProblem } from '../contract/params.js';
import type { DataSpec } from '../contract/run-spec.js';
import { trainerVersion } from '../contract/version.js';
import { parameterCount } from '../models/model.js';
import { createModel } from '../models/registry.js';
import { createSchedule } from '../schedulers/registry.js';
import { trainEpoch, validate } from './epoch.js';
import { ConfigurationError, classify, configured } from './failure.js';
import { epochRecord, improves } from './record.js';
import { findCheckpoint } from './resume.js';
import type { RunData } from './run-data.js';
import { lockRun } from './run-lock.js';
import { Session } from './session.js';
import { throttled } from './throttle.js';

export interface RunEnvironment {
  engine: Engine;
  openData(spec: DataSpec, cacheDir: string): Promise<RunData>;
  emit(event: TrainerEvent): void;
  /** True once the runner has asked to finish the running epoch and stop. */
  isDraining(): boolean;
}

const progressIntervalMs = 250;

/** Runs the cell and reports all of it, failures too, as events. Never rejects. Returns the failure, if any. */
export async function runCell(request: RunRequest, environment: RunEnvironment) {
  try {
    const unlock = await lockRun(request.runDir);
    try {
      await trainCell(request, environment);
    } finally {
      await unlock();
    }
    return undefined;
  } catch (error) {
    const failure = classify(error);
    process.stderr.write(`${request.cellId}: ${error instanceof Error ? error.stack : error}\n`);
    environment.emit({ type: 'failed', cellId: request.cellId, ...failure });
    return failure.failure;
  }
}

async function trainCell(request: RunRequest, environment: RunEnvironment): Promise<void> {
  const { cellId, spec, runDir } = request;
  const { engine, emit } = environment;
  const { train, objective, seed, augmentation } = spec;

  const data = await environment.openData(spec.data, request.cacheDir);
  const stepsPerEpoch = checkedSteps(request, data);
  const model = configured(() => createModel(spec.model, { ...data.image, classes: data.classes }));
  const schedule = configured(() => createSchedule(spec.scheduler));
  const base = spec.optimizer.learningRate as number;
  const provenance: Provenance = { dataFingerprint: data.fingerprint, trainerVersion, engine: engine.info };

  const store = new CheckpointStore(runDir);
  const found = await findCheckpoint(store, provenance, message =>
    emit({ type: 'warning', cellId, message }),
  );
  const history = found?.state.history ?? [];
  let step = found?.state.step ?? 0;
  let best = found?.state.best ?? null;
  let hash = found?.state.weightsHash ?? '';
  const isComplete = () => history.length >= train.epochs;
  emit({
    type: 'started',
    cellId,
    provenance: found !== null && isComplete() ? found.state.provenance : provenance,
    resumedFromEpoch: history.length,
    history: [...history],
    parameters: parameterCount(model),
    trainImages: data.trainImages,
    validationImages: data.validationImages,
    classes: data.classes,
  });
  if (isComplete()) return emit({ type: 'completed', cellId, epochs: history.length, weightsHash: hash });

  const session = configured(() => Session.create(engine, spec, model, data, found));
  const reportProgress = throttled(progressIntervalMs, (number: number, loss: number | null) =>
    emit({
      type: 'progress',
      cellId,
      epoch: history.length + 1,
      step: number,
      stepsPerEpoch,
      loss,
    }),
  );
  try {
    while (!isComplete()) {
      if (environment.isDraining()) return emit({ type: 'interrupted', cellId, epoch: history.length });
      const start = performance.now();
      const epoch = history.length;
      const learningRate = schedule({ epoch, base, epochs: train.epochs, history });
      const batches = data.trainBatches({ ...train, seed, epoch, augmentation });
      const options = { ...train, seed, step, learningRate, classes: data.classes };
      const trained = await trainEpoch(session, batches, options, reportProgress);
      const validated = await validate(session, data.validationBatches(train.batchSize), data.classes);
      step += trained.steps;
      const record = epochRecord({ epoch: epoch + 1, step, trained, validated, learningRate, start });

      const value = record.metrics[objective.metric] ?? null;
      const isBest = improves(value, best, objective.direction);
      if (isBest && value !== null) best = { epoch: record.epoch, value };
      const { weights, optimizer, weightsHash } = await session.snapshot(record);
      history.push(record);
      hash = weightsHash;
      const state = { epoch: record.epoch, step, history, best, provenance, weightsHash };
      await store.save({ state, weights, optimizer }, isBest);

      for (const kind of isBest ? (['last', 'best'] as const) : (['last'] as const))
        emit({ type: 'checkpoint', cellId, kind, epoch: record.epoch, path: weightsPath(kind) });
      emit({ type: 'epoch', cellId, ...record });
    }
    emit({ type: 'completed', cellId, epochs: history.length, weightsHash: hash });
  } finally {
    session.dispose();
  }
}

/** Training steps of an epoch. Throws a ConfigurationError where the RunSpec can't be run on the data. */
function checkedSteps({ spec }: RunRequest, data: RunData): number {
  const { batchSize, dropLast } = spec.train;
  if (!(epochMetrics as readonly string[]).includes(spec.objective.metric))
    throw new ConfigurationError(
      `objective.metric: expected one of ${epochMetrics.join(', ')}, got ${spec.objective.metric}`,
    );
  const problem = modelProblem(spec.model, Math.min(data.image.height, data.image.width));
  if (problem !== undefined) throw new ConfigurationError(`model ${spec.model.name}: ${problem}`);
  const steps = (dropLast ? Math.floor : Math.ceil)(data.trainImages / batchSize);
  if (steps === 0)
    throw new ConfigurationError(
      `train.batchSize: no batch of ${batchSize} in ${data.trainImages} training images (dropLast: ${dropLast})`,
    );
  return steps;
}
