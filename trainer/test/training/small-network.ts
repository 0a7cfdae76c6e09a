import type { Batch } from '../../data/batch.js';
import type { Engine } from '../../engine/engine.js';
import { batchNorm, linear, sequential } from '../../models/layers.js';
import type { Layer, Model } from '../../models/model.js';
import { createOptimizer } from '../../optimizers/registry.js';
import { AveragedWeights } from '../../training/averaged-weights.js';
import { BatchUploader } from '../../training/device-batch.js';
import { frozenNames } from '../../training/freeze.js';
import { Network } from '../../training/network.js';
import { TrainingSteps } from '../../training/step.js';
import { namedNumbers, namedTensor } from '../named-numbers.js';
import { runSpec } from './run-spec.js';

type Changes = Parameters<typeof runSpec>[0];

/** Images of 2×2 in three channels, three classes. */
const image = { height: 2, width: 2, channels: 3 };
const pixels = 12;
const classes = 3;

const reshape = (shape: number[]): Layer => ({
  entries: [],
  forward: (x, { tf }) => tf.reshape(x, [x.shape[0]!, ...shape]),
});
const gelu: Layer = { entries: [], forward: (x, { ops }) => ops.gelu(x) };

/** Linear(12, width), a middle, GELU, Linear(width, 3). */
export const smallModel = (middle: readonly Layer[], width = 8): Model =>
  sequential([
    reshape([pixels]),
    linear('fc1', pixels, width),
    ...middle,
    gelu,
    linear('fc2', width, classes),
  ]);

export const normalizedModel = smallModel([reshape([1, 1, 8]), batchNorm('bn', 8), reshape([8])]);

/** Images that the golden values were computed with: the n-th batch of this size. */
export function goldenBatch(n: number, size: number): Batch {
  return {
    size,
    images: Uint8Array.from(namedNumbers(`images ${n}`, size * pixels), value => (value + 1) * 128),
    labels: Int32Array.from({ length: size }, (_, index) => (n + index) % classes),
    erased: [],
    mix: null,
  };
}

/** Several batches as one. */
export const joined = (batches: readonly Batch[]): Batch => ({
  size: batches.reduce((sum, { size }) => sum + size, 0),
  images: Uint8Array.from(batches.flatMap(({ images }) => [...images])),
  labels: Int32Array.from(batches.flatMap(({ labels }) => [...labels])),
  erased: [],
  mix: null,
});

function goldenValues(model: Model): Record<string, Float32Array> {
  const trained = model.entries.filter(({ role }) => role !== 'counter');
  return Object.fromEntries(
    trained.map(({ name, role, shape }) => {
      const size = shape.reduce((product, side) => product * side, 1);
      const centre = /bn\.weight|running_var/.test(name) ? 1 : 0;
      return [name, namedTensor(name, size, centre, role === 'buffer' ? 0.25 : 0.5)];
    }),
  );
}

/** A small model in training by the settings of a RunSpec, without data or files. */
export function smallTraining(engine: Engine, model: Model, changes: Changes) {
  const { optimizer: component, train } = runSpec(changes);
  const values = goldenValues(model);
  const network = new Network(model, engine, values, frozenNames(model.entries, train.freeze));
  const optimizer = createOptimizer(component, engine, network.parameters, network.trainable);
  const average = train.ema && new AveragedWeights(engine, network, train.ema, values);
  const normalization = { mean: [0.5, 0.5, 0.5], standardDeviation: [0.25, 0.25, 0.25] };
  const uploader = new BatchUploader(engine, image, normalization);
  const rates = { learningRate: component.learningRate as number, momentum: undefined };
  const parts = { engine, network, optimizer, uploader, average, lossScaler: null };
  let step = 0;

  /** Trains on the batches of an epoch; their losses. */
  function epoch(batches: readonly Batch[]): number[] {
    const options = { ...train, seed: 1, step, classes, ratesAt: () => rates };
    const steps = new TrainingSteps(parts, options);
    const losses = batches.map(batch => {
      const loss = steps.add(batch);
      const [value] = loss.dataSync();
      loss.dispose();
      return value!;
    });
    steps.finish();
    steps.dispose();
    step = steps.taken;
    return losses;
  }

  return {
    network,
    average,
    epoch,
    dispose: () => {
      for (const part of [network, optimizer, uploader, average]) part?.dispose();
    },
  };
}
