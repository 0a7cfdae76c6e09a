/** Dropout (Srivastava et al. 2014), inverted as in PyTorch: kept values are divided by 1 - probability. */
import { Draws, purposeKey } from '../augmentation/random.js';
import type { Layer } from './model.js';

/**
 * x [N, features] → the same shape; the identity outside training. The mask depends on (seed, step, name) alone, so
 * that a resumed run and every engine draw the same one.
 */
export function dropout(name: string, probability: number): Layer {
  const purpose = purposeKey(`dropout ${name}`);
  const draws = new Draws();
  return {
    entries: [],
    forward(x, { tf, training, seed, step }) {
      if (!training) return x;
      draws.at(seed, purpose, step, 0);
      const mask = new Float32Array(x.size);
      const scale = 1 / (1 - probability);
      for (let index = 0; index < mask.length; index++)
        mask[index] = draws.uniform() < probability ? 0 : scale;
      return tf.mul(x, tf.tensor(mask, x.shape, 'float32'));
    },
  };
}
