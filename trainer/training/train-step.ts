/** One training step: loss and gradients, clipping, update, running statistics. */
import type { Engine } from '../backend/engine.js';
import type { Tensor } from '../backend/ops.js';
import type { Batch } from '../data/batch.js';
import { clipByGlobalNorm } from '../optimizers/clip.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import type { Rates } from '../schedulers/schedule.js';
import { countCorrect } from './accuracy.js';
import type { BatchUploader } from './device-batch.js';
import type { Network } from './network.js';
import { dominatingLabels, targetRows } from './targets.js';

export interface StepOptions {
  seed: number;
  /** Steps taken before this one. */
  step: number;
  rates: Rates;
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
  const { tf } = engine;
  const { values, gradients, running } = lossAndGradients(parts, batch, options);
  try {
    const applied =
      options.gradientClipNorm === null
        ? gradients
        : tf.tidy(() => clipByGlobalNorm(engine, gradients, options.gradientClipNorm!));
    optimizer.step(applied, options.rates.learningRate, options.rates.momentum);
    for (const [name, value] of running) network.buffers.assign(name, value);
    tf.dispose([gradients, applied]);
    return values;
  } catch (error) {
    tf.dispose([values, gradients, running]);
    throw error;
  }
}

function lossAndGradients({ engine, network, uploader }: StepParts, batch: Batch, options: StepOptions) {
  const { tf, ops } = engine;
  const { names } = network.parameters;
  const running: [name: string, value: Tensor][] = [];
  const kept: Tensor[] = [];
  try {
    const { values, gradients } = tf.tidy(() => {
      const images = uploader.images(batch);
      const rows = targetRows(batch.labels, options.classes, options.labelSmoothing, batch.mix);
      const targets = tf.tensor2d(rows, [batch.size, options.classes]);
      const labels = dominatingLabels(batch.labels, batch.mix);
      const buffers = network.buffers.read();
      const loss = (...parameters: Tensor[]) => {
        const named = Object.fromEntries(names.map((name, index) => [name, parameters[index]!]));
        const logits = network.train(images, {
          tensors: { ...buffers, ...named },
          seed: options.seed,
          step: options.step,
          onRunning: (name, value) => running.push([name, value]),
        });
        kept.push(tf.keep(countCorrect(tf, logits, labels)));
        return tf.mean(ops.softmaxCrossEntropy(logits, targets)) as ReturnType<typeof tf.scalar>;
      };
      const current = network.parameters.read();
      const { value, grads } = tf.valueAndGrads(loss)(names.map(name => current[name]!));
      return {
        values: tf.stack([value, ...kept]),
        gradients: Object.fromEntries(names.map((name, index) => [name, grads[index]!])),
      };
    });
    return { values, gradients, running };
  } catch (error) {
    tf.dispose(running);
    throw error;
  } finally {
    tf.dispose(kept);
  }
}
