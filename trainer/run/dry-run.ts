/** Training that leaves nothing behind: what the range test and the profiler measure. */

import type { RunRequest } from '../contract/events.js';
import type { Batch } from '../data/batch.js';
import type { Tensor } from '../engine/ops.js';
import type { Model } from '../models/model.js';
import { type PreparedRun, prepareRun } from '../run/prepare.js';
import { Session } from '../run/session.js';
import { initialValues } from '../run/warm-start.js';
import { TrainingSteps } from '../training/step.js';
import type { StepParts } from '../training/step-parts.js';
import type { RunEnvironment } from './run-environment.js';

export interface DryRun {
  run: PreparedRun;
  session: Session;
  /** The training batches of epoch after epoch, without an end. */
  batches(): AsyncGenerator<Batch, never>;
  /**
   * Trains on one batch, by other parts than the session's if given. Returns [2]: mean loss, number of correct images; it
   * belongs to the caller.
   */
  step(batch: Batch, learningRate: number, parts?: StepParts): Tensor;
  dispose(): void;
}

/** Begins the training of a RunSpec anew. `wrap` may put something around the model. */
export async function openDryRun(
  request: Pick<RunRequest, 'spec' | 'cacheDir'>,
  environment: Pick<RunEnvironment, 'engine' | 'openData'>,
  wrap: (model: Model) => Model = model => model,
): Promise<DryRun> {
  const run = await prepareRun(request, environment);
  const { spec } = request;
  const { data } = run;
  const initial = await initialValues(run.model, data.classNames, spec, console.error);
  const session = Session.create(run.engine, spec, wrap(run.model), data, null, initial);
  let steps = 0;
  return {
    run,
    session,
    async *batches() {
      for (let epoch = 0; ; epoch++)
        yield* data.trainBatches({ ...spec.train, seed: spec.seed, epoch, augmentation: spec.augmentation });
    },
    step(batch, learningRate, parts = session) {
      const one = new TrainingSteps(parts, {
        ...spec.train,
        // One batch, whatever makes up a step of the run.
        accumulate: 1,
        seed: spec.seed,
        step: steps++,
        ratesAt: () => ({ learningRate, momentum: undefined }),
        classes: data.classes,
      });
      try {
        return one.add(batch);
      } finally {
        one.dispose();
      }
    },
    dispose: () => session.dispose(),
  };
}
