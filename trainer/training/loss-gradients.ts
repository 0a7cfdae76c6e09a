/** Loss and gradients of one batch. */

import type { Batch } from '../data/batch.js';
import type { Engine } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { countCorrect } from './accuracy.js';
import type { BatchUploader } from './device-batch.js';
import type { LossScaler } from './loss-scale.js';
import type { Network } from './network.js';
import { dominatingLabels, targetRows } from './targets.js';

export interface LossParts {
  engine: Engine;
  network: Network;
  optimizer: Optimizer;
  uploader: BatchUploader;
  /** Of a float16 run; null in others. */
  lossScaler: LossScaler | null;
}

/** What the loss of a batch depends on beside the weights. */
export interface LossOptions {
  seed: number;
  /** Key of the dropout masks: another one for each batch of the run. */
  step: number;
  classes: number;
  labelSmoothing: number;
}

/** All of it belongs to the caller. */
export interface BatchGradients {
  /** [2]: mean loss, number of correct images. */
  values: Tensor;
  gradients: Record<string, Tensor>;
  /** New running statistics. */
  running: [name: string, value: Tensor][];
}

/**
 * By the weights as they are, or by those `at` another place. The gradients, of trained parameters alone, are those of the
 * mean loss × `share`, times the loss scale if there is one.
 */
function lossAndGradients(
  { engine, network, uploader, lossScaler }: Omit<LossParts, 'optimizer'>,
  batch: Batch,
  options: LossOptions,
  { at = {}, share = 1 }: { at?: Record<string, Tensor>; share?: number } = {},
): BatchGradients {
  const { tf, ops } = engine;
  const { trainable } = network;
  const running: BatchGradients['running'] = [];
  const kept: Tensor[] = [];
  try {
    const { values, gradients } = tf.tidy(() => {
      const images = uploader.images(batch);
      const rows = targetRows(batch.labels, options.classes, options.labelSmoothing, batch.mix);
      const targets = tf.tensor2d(rows, [batch.size, options.classes]);
      const labels = dominatingLabels(batch.labels, batch.mix);
      const current = { ...network.tensors(), ...at };
      const loss = (...parameters: Tensor[]) => {
        const named = Object.fromEntries(trainable.map((name, index) => [name, parameters[index]!]));
        const logits = network.train(images, {
          tensors: { ...current, ...named },
          seed: options.seed,
          step: options.step,
          onRunning: (name, value) => running.push([name, value]),
        });
        kept.push(tf.keep(countCorrect(tf, logits, labels)));
        return tf.mean(ops.softmaxCrossEntropy(logits, targets)) as ReturnType<typeof tf.scalar>;
      };
      const inputs = trainable.map(name => current[name]!);
      const factor = share * (lossScaler?.state.scale ?? 1);
      const dy = factor === 1 ? undefined : tf.scalar(factor);
      const { value, grads } = tf.valueAndGrads(loss)(inputs, dy);
      return {
        values: tf.stack([value, ...kept]),
        gradients: Object.fromEntries(trainable.map((name, index) => [name, grads[index]!])),
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

/**
 * The gradients that the optimizer asks for: with SAM those where the loss is highest nearby. Loss and running statistics
 * are always those of the weights as they are; dropout masks are the same in both passes.
 */
export function stepGradients(
  parts: LossParts,
  batch: Batch,
  options: LossOptions,
  share: number,
): BatchGradients {
  const { engine, network, optimizer } = parts;
  const { tf } = engine;
  if (optimizer.ascend === undefined) return lossAndGradients(parts, batch, options, { share });
  const first = lossAndGradients(parts, batch, options);
  let at: Record<string, Tensor> = {};
  try {
    at = tf.tidy(() => optimizer.ascend!(network.parameters.read(), first.gradients));
    const { values, running, gradients } = lossAndGradients(parts, batch, options, { at, share });
    tf.dispose([values, running, first.gradients]);
    return { ...first, gradients };
  } catch (error) {
    tf.dispose([first.values, first.gradients, first.running]);
    throw error;
  } finally {
    tf.dispose(at);
  }
}
