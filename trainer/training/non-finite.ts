/** Finds the layer in which numbers stop being numbers. */

import type { Batch } from '../data/batch.js';
import type { Ops, Tensor } from '../engine/ops.js';
import { layerOf } from '../models/layer-of.js';
import type { LossOptions, LossParts } from './step-parts.js';

const allFinite = (tensor: Tensor) => tensor.dataSync().every(Number.isFinite);

/**
 * One forward pass in training mode, each operation watched: the first layer whose weights or output are not finite,
 * by its state-dict name; undefined if there is none. An operation without weights counts to the layer before it.
 */
export function nonFiniteOutput(
  { engine, network, uploader }: LossParts,
  batch: Batch,
  { seed, batchNumber }: Pick<LossOptions, 'seed' | 'batchNumber'>,
): string | undefined {
  let layer = 'the input';
  let found: string | undefined;
  const note = (what: string) => {
    found ??= `the ${what} of ${layer}`;
  };
  const tensors = new Proxy(network.tensors(), {
    get(target, name: string) {
      layer = layerOf(name);
      const tensor = target[name];
      if (found === undefined && tensor !== undefined && !allFinite(tensor)) found = `the tensor ${name}`;
      return tensor;
    },
  });
  const ops = new Proxy(engine.ops, {
    get(target, name: keyof Ops) {
      const operation = target[name] as (...inputs: unknown[]) => Tensor;
      return (...inputs: unknown[]) => {
        const output = operation.apply(target, inputs);
        if (found === undefined && !allFinite(output)) note(`output (${name})`);
        return output;
      };
    },
  });
  engine.tf.tidy(() => {
    const images = uploader.images(batch);
    engine.tf.dispose(network.train(images, { tensors, ops, seed, step: batchNumber }).running);
  });
  return found;
}

/** The first layer on the way back, the last one forward, whose gradient is not finite; undefined if there is none. */
export function nonFiniteGradient(gradients: Readonly<Record<string, Tensor>>): string | undefined {
  const name = Object.keys(gradients).findLast(parameter => !allFinite(gradients[parameter]!));
  return name === undefined ? undefined : `the gradient of ${layerOf(name)}`;
}
