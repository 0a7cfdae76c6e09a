/** Dropout (Srivastava et al. 2014), inverted as in PyTorch: kept values are divided by 1 - probability. */
import type { Layer } from './model.js';
import { randomStream } from './random-stream.js';

/**
 * x [N, features] → the same shape; the identity outside training. The mask depends on (seed, step, name) alone, so
 * that a resumed run and every engine draw the same one.
 */
export function dropout(name: string, probability: number): Layer {
  return {
    entries: [],
    forward(x, { tf, training, seed, step }) {
      if (!training) return x;
      const random = randomStream(seed, 'dropout', step, name);
      const mask = new Float32Array(x.size);
      const scale = 1 / (1 - probability);
      for (let index = 0; index < mask.length; index++) mask[index] = random() < probability ? 0 : scale;
      return tf.mul(x, tf.tensor(mask, x.shape, 'float32'));
    },
  };
}
