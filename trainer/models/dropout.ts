/** Dropout (Srivastava et al. 2014), inverted as in PyTorch: kept values are divided by 1 - probability. */

import type { Tensor } from '../engine/ops.js';
import { Draws, purposeKey } from '../random/random.js';
import { stateless } from './layers.js';
import type { ForwardContext, Layer } from './model.js';

/**
 * Factors of a dropout's values, 0 or 1 / (1 - probability). They depend on (seed, step, name) alone, so that a resumed
 * run and every engine draw the same ones.
 */
export function dropoutFactors(name: string, probability: number) {
  const purpose = purposeKey(`dropout ${name}`);
  const draws = new Draws();
  return (shape: number[], { tf, seed, step }: ForwardContext): Tensor => {
    draws.at(seed, purpose, step, 0);
    const factors = new Float32Array(shape.reduce((product, side) => product * side, 1));
    const scale = 1 / (1 - probability);
    for (let index = 0; index < factors.length; index++)
      factors[index] = draws.uniform() < probability ? 0 : scale;
    return tf.tensor(factors, shape, 'float32');
  };
}

/** x → the same shape; the identity outside training. */
export function dropout(name: string, probability: number): Layer {
  const factors = dropoutFactors(name, probability);
  return stateless((x, context) =>
    context.training && probability > 0 ? context.tf.mul(x, factors(x.shape, context)) : x,
  );
}
