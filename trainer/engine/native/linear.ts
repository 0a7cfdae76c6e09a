import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { booleanAttribute, float32, type Kernels } from './kernels.js';

/** Linear layers as one matrix product over all rows. */
export function createLinear(tf: TensorFlow, kernels: Kernels): Ops['linear'] {
  /** matMul(a, b) with either argument transposed; not differentiable. */
  const product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean) =>
    kernels.run(
      'MatMul',
      [float32, booleanAttribute('transpose_a', transposeA), booleanAttribute('transpose_b', transposeB)],
      [a, b],
    );
  const { lower } = kernels;
  const rowsOf = (x: Tensor) => tf.reshape(x, [-1, x.shape.at(-1)!]);

  const gradients = (dy: Tensor, [x, weight]: Tensor[]): [dx: Tensor, dWeight: Tensor] => [
    tf.reshape(product(rowsOf(dy), weight!, false, false), x!.shape),
    product(rowsOf(dy), rowsOf(x!), true, false),
  ];

  const withBias = customGradient(tf, (...parts) => {
    const [x, weight] = (parts.slice(0, 2) as Tensor[]).map(lower);
    const bias = parts[2] as Tensor;
    (parts[3] as (saved: Tensor[]) => void)([x!, weight!]);
    const rows = kernels.run('BiasAdd', [float32], [product(rowsOf(x!), weight!, false, true), bias]);
    return {
      value: tf.reshape(rows, [...x!.shape.slice(0, -1), weight!.shape[0]!]),
      gradFunc: (dy: Tensor, saved: Tensor[]) => [
        ...gradients(lower(dy), saved),
        kernels.run('BiasAddGrad', [float32], [rowsOf(dy)]),
      ],
    };
  });
  const withoutBias = customGradient(tf, (...parts) => {
    const [x, weight] = (parts.slice(0, 2) as Tensor[]).map(lower);
    (parts[2] as (saved: Tensor[]) => void)([x!, weight!]);
    return {
      value: tf.reshape(product(rowsOf(x!), weight!, false, true), [
        ...x!.shape.slice(0, -1),
        weight!.shape[0]!,
      ]),
      gradFunc: (dy: Tensor, saved: Tensor[]) => gradients(lower(dy), saved),
    };
  });
  return (x, weight, bias) => (bias ? withBias(x, weight, bias) : withoutBias(x, weight));
}
