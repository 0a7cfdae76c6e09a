/** From a request to the parts of its run. Everything that can be wrong with a RunSpec is found here. */

import { metricsOf, type Provenance, type RunRequest } from '../contract/events.js';
import { currentNumerics } from '../contract/numerics-history.js';
import { batchNormProblem, copyNumbers, modelProblem } from '../contract/params.js';
import { trainerVersionOf } from '../contract/version.js';
import type { Engine } from '../engine/engine.js';
import type { Waiting } from '../files/lock-file.js';
import type { Model } from '../models/model.js';
import { createModel } from '../models/registry.js';
import { createSchedule } from '../schedules/registry.js';
import type { Schedule } from '../schedules/schedule.js';
import type { RunData } from '../training/run-data.js';
import { ConfigurationError, configured } from './failure.js';
import type { RunEnvironment } from './run-environment.js';

export interface PreparedRun {
  /** In the run's precision. */
  engine: Engine;
  data: RunData;
  model: Model;
  schedule: Schedule;
  provenance: Provenance;
  /** With the copies of an expansion. */
  trainImages: number;
  batchesPerEpoch: number;
  stepsPerEpoch: number;
}

/** Throws a ConfigurationError where the RunSpec can't be run on its data. */
export async function prepareRun(
  { spec, cacheDir }: Pick<RunRequest, 'spec' | 'cacheDir'>,
  { engine, openData }: Pick<RunEnvironment, 'engine' | 'openData'>,
  waiting?: Waiting,
): Promise<PreparedRun> {
  const { metric } = spec.objective;
  const metrics = metricsOf(spec.train);
  if (!metrics.includes(metric))
    throw new ConfigurationError(`objective.metric: expected one of ${metrics.join(', ')}, got ${metric}`);
  const computing = configured(() => engine.withPrecision(spec.train.precision));
  const data = await openData(spec.data, cacheDir, waiting);
  const { height, width, channels } = data.image;
  const problem = modelProblem(spec.model, Math.min(height, width));
  if (problem !== undefined) throw new ConfigurationError(`model ${spec.model.name}: ${problem}`);
  const { batchSize, dropLast, accumulate } = spec.train;
  const trainImages = data.trainImages * copyNumbers(spec.augmentation).length;
  const batchesPerEpoch = (dropLast ? Math.floor : Math.ceil)(trainImages / batchSize);
  if (batchesPerEpoch === 0)
    throw new ConfigurationError(
      `train.batchSize: no batch of ${batchSize} in ${trainImages} training images (dropLast: ${dropLast})`,
    );
  if (spec.train.freeze.length === 0) {
    const shortage = batchNormProblem(spec.model, Math.min(height, width), { ...spec.train, trainImages });
    if (shortage !== undefined) throw new ConfigurationError(`train.batchSize: ${shortage}`);
  }
  return {
    engine: computing,
    data,
    model: configured(() => createModel(spec.model, { channels, classes: data.classes, imageSize: height })),
    schedule: configured(() => createSchedule(spec.scheduler)),
    provenance: {
      dataFingerprint: data.fingerprint,
      trainerVersion: trainerVersionOf(spec, data.classes, data.hasDrawnTies),
      engine: engine.info,
      sources: currentNumerics.sources,
    },
    trainImages,
    batchesPerEpoch,
    stepsPerEpoch: Math.ceil(batchesPerEpoch / accumulate),
  };
}
