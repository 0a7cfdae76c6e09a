/** One training step: loss and gradients, clipping, update, running statistics. */
import type { Engine } from '../backend/engine.js';
import type { Tensor } from '../backend/ops.js';
import type { Batch } from '../data/batch.js';
import { clipByGlobalNorm } from '../optimizers/clip.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { countCorrect } from './accuracy.js';
import type { BatchUploader } from './device-batch.js';
import type { Network } from './network.js';
import { dominatingLabels, targetRows } from './targets.js';

export interface StepOptions {
  seed: number;
  /** Steps taken before this one. */
  step: number;
  learningRate: number;
  classes: number;
  labelSmoothing: number;
  gradientClipNorm: number | null;
}

export interface StepParts {
  engine: Engine;
  network: Network;
  optimizer: Optimizer;
  uploader: BatchUploader;
}

/** Trains on one batch. Returns [2]: mean loss, number of correct images; it belongs to the caller. */
export function trainStep(parts: StepParts, batch: Batch, options: StepOptions): Tensor {
  const { engine, network, optimizer } = parts;
  const { values, gradients, running } = lossAndGradients(parts, batch, options);
  const clipped =
    options.gradientClipNorm === null
      ? gradients
      : engine.tf.tidy(() => clipByGlobalNorm(engine, gradients, options.gradientClipNorm!));
  optimizer.step(clipped, options.learningRate);
  for (const [name, value] of running) network.buffers.assign(name, value);
  engine.tf.dispose([gradients, clipped]);
  return values;
}

function lossAndGradients({ engine, network, uploader }: StepParts, batch: Batch, options: StepOptions) {
  const { tf, ops } = engine;
  const running: [string, Tensor][] = [];
  const names = network.parameters.names;
  const { values, gradients } = tf.tidy(() => {
    const images = uploader.images(batch);
    const rows = targetRows(batch.labels, options.classes, options.labelSmoothing, batch.mix);
    const targets = tf.tensor2d(rows, [batch.size, options.classes]);
    const current = network.parameters.read();
    const buffers = network.buffers.read();
    let correct: Tensor | undefined;
    const loss = (...parameters: Tensor[]) => {
      const tensors = { ...buffers, ...Object.fromEntries(names.map((name, i) => [name, parameters[i]!])) };
      const logits = network.train(images, {
        tensors,
        seed: options.seed,
        step: options.step,
        onRunning: (name, value) => running.push([name, value]),
      });
      correct = tf.keep(countCorrect(tf, logits, dominatingLabels(batch.labels, batch.mix)));
      return tf.mean(ops.softmaxCrossEntropy(logits, targets)) as ReturnType<typeof tf.scalar>;
    };
    const { value, grads } = tf.valueAndGrads(loss)(names.map(name => current[name]!));
    const result = tf.stack([value, correct!]);
    correct!.dispose();
    return { values: result, gradients: Object.fromEntries(names.map((name, i) => [name, grads[i]!])) };
  });
  return { values, gradients, running };
}
