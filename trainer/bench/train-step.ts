import { defaultTrain } from '../contract/defaults.js';
import { type ModelName, models } from '../contract/params.js';
import type { Batch } from '../data/batch.js';
import type { Engine, VariableSet } from '../engine/engine.js';
import { initialState } from '../models/initialize.js';
import { createModel } from '../models/registry.js';
import { createOptimizer } from '../optimizers/registry.js';
import { BatchUploader } from '../training/device-batch.js';
import { Network } from '../training/network.js';
import { TrainingSteps } from '../training/step.js';

export interface TrainStepOptions {
  batchSize: number;
  imageSize: number;
  classes: number;
}

/**
 * The training step of a model, its other parameters by default (SGD with momentum 0.9, weight decay 5e-4), on one fixed
 * batch of bytes. `step` returns the loss, which it reads back.
 */
export function createTrainStep(
  engine: Engine,
  component: { name: ModelName; [parameter: string]: unknown },
  { batchSize, imageSize, classes }: TrainStepOptions,
): { step: () => number; parameters: VariableSet } {
  const channels = 3;
  const defaults = Object.entries(models[component.name]).map(([key, schema]) => [key, schema.default]);
  const model = createModel(
    { ...Object.fromEntries(defaults), ...component },
    { channels, classes, imageSize },
  );
  const network = new Network(model, engine, initialState(model, 0));
  const { parameters } = network;
  const optimizer = createOptimizer(
    { name: 'sgd', momentum: 0.9, dampening: 0, nesterov: false, weightDecay: 5e-4 },
    engine,
    parameters,
  );
  const image = { height: imageSize, width: imageSize, channels };
  const uploader = new BatchUploader(engine, image, normalization);
  const steps = new TrainingSteps(
    { engine, network, optimizer, uploader, lossScaler: null, average: null },
    { ...defaultTrain, accumulate: 1, batchSize, seed: 0, step: 0, classes, ratesAt: () => rates },
  );
  const batch: Batch = {
    size: batchSize,
    images: new Uint8Array(batchSize * imageSize * imageSize * channels).map(
      (_, index) => (index * 7919) % 251,
    ),
    labels: Int32Array.from({ length: batchSize }, (_, index) => (index * 37) % classes),
    erased: [],
    mix: null,
  };
  function step(): number {
    const values = steps.add(batch);
    const [loss] = values.dataSync();
    values.dispose();
    return loss!;
  }
  return { step, parameters };
}

const rates = { learningRate: 0.01, momentum: undefined };
/** ImageNet's. */
const normalization = { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] };
