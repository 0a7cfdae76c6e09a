import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';

/** Numbers in [-1, 1) that any engine gets alike. */
export function numbers(count: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export function tensor({ tf }: Engine, shape: number[], seed: number): Tensor {
  return tf.tensor(numbers(tf.util.sizeFromShape(shape), seed), shape, 'float32');
}
