/** Stochastic depth (Huang et al. 2016) as torchvision's mode `row` has it: residual branches left out, image by image. */
import { Draws, purposeKey } from '../random/random.js';
import type { Layer } from './model.js';

/**
 * Branch x [N, ..] → the same shape: all of an image is 0 with `probability`, else divided by 1 - probability; the
 * identity outside training. The mask depends on (seed, step, name, image's place in the batch) alone, so that a
 * resumed run and every engine draw the same one.
 */
export function stochasticDepth(name: string, probability: number): Layer {
  const purpose = purposeKey(`stochastic depth ${name}`);
  const draws = new Draws();
  return {
    entries: [],
    forward(x, { tf, training, seed, step }) {
      if (!training || probability === 0) return x;
      draws.at(seed, purpose, step, 0);
      const kept = 1 / (1 - probability);
      const mask = Float32Array.from({ length: x.shape[0]! }, () =>
        draws.uniform() < probability ? 0 : kept,
      );
      return tf.mul(x, tf.tensor(mask, [mask.length, ...x.shape.slice(1).fill(1)], 'float32'));
    },
  };
}

/**
 * Probability of branch `index` of `count`: grows linearly from 0 to `last`, that of the last one (torchvision's Swin and
 * ConvNeXt; its EfficientNet divides by `count`).
 */
export const stochasticDepthRate = (last: number, index: number, count: number): number =>
  count > 1 ? (last * index) / (count - 1) : last;
