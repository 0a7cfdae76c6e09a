import type { Tensor, TensorFlow } from '../engine/ops.js';
import { globalNorm } from './norm.js';

/** Of the quintic iteration: steepest at 0, so that small singular values grow fastest (Jordan et al. 2024). */
const [a, b, c] = [3.4445, -4.775, 2.0315];
const smallestNorm = 1e-7;

/**
 * The nearest matrix with singular values of about 1 (0.7–1.2), by Newton–Schulz iteration. A filter
 * [h, w, inputs, outputs] counts as the matrix [h·w·inputs, outputs]. The result has the shape of `value`.
 */
export function orthogonalized(tf: TensorFlow, value: Tensor, steps: number): Tensor {
  const columns = value.shape.at(-1)!;
  const rows = value.size / columns;
  const isTall = rows > columns;
  const matrix = tf.reshape(value, [rows, columns]) as Matrix;
  const wide = isTall ? tf.transpose(matrix) : matrix;
  let x = tf.div(wide, tf.maximum(globalNorm(tf, [wide]), smallestNorm)) as Matrix;
  for (let step = 0; step < steps; step++) {
    const gram = tf.matMul(x, x, false, true);
    const polynomial = tf.add(tf.mul(gram, b), tf.mul(tf.matMul(gram, gram), c)) as Matrix;
    x = tf.add(tf.mul(x, a), tf.matMul(polynomial, x)) as Matrix;
  }
  return tf.reshape(isTall ? tf.transpose(x) : x, value.shape);
}

type Matrix = ReturnType<TensorFlow['matMul']>;
