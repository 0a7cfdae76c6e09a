import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';
import { createGenericOps } from '../../engine/reference/generic-ops.js';
import { goldenFile } from '../golden-file.js';
import { tensor as randomTensor } from './engine-tensors.js';
import { expectClose } from './expect-close.js';

type Values = Record<'x' | 'y' | 'dy' | 'dx', number[]>;
type LayerNormCase = Values & { name: string; shape: number[]; epsilon: number } & Record<
    'scale' | 'offset' | 'dscale' | 'doffset',
    number[]
  >;

/** Layer normalization, activation: PyTorch's values and gradients, and those of plain TensorFlow.js for large tensors. */
export function transformerOpsConformance(engine: Engine): void {
  const { tf, ops } = engine;

  it('gelu', () =>
    tf.tidy(() => {
      const golden = goldenFile<Values>('gelu.json');
      const x = tf.tensor1d(golden.x);
      expectClose(ops.gelu(x).dataSync(), golden.y, 1e-6);
      const gradient = tf.grad(value => ops.gelu(value))(x, tf.tensor1d(golden.dy));
      expectClose(gradient.dataSync(), golden.dx, 1e-6);
    }));

  describe('layerNorm', () => {
    for (const golden of goldenFile<LayerNormCase[]>('layer-norm.json'))
      it(golden.name, () =>
        tf.tidy(() => {
          const inputs = [
            tf.tensor(golden.x, golden.shape),
            tf.tensor1d(golden.scale),
            tf.tensor1d(golden.offset),
          ];
          const normalize = (...[x, scale, offset]: Tensor[]) =>
            ops.layerNorm(x!, scale!, offset!, golden.epsilon);
          const y = normalize(...inputs);
          expect(y.shape).toEqual(golden.shape);
          expectClose(y.dataSync(), golden.y, 1e-5);
          const gradients = tf.grads(normalize)(inputs, tf.tensor(golden.dy, golden.shape));
          for (const [index, key] of (['dx', 'dscale', 'doffset'] as const).entries())
            expectClose(gradients[index]!.dataSync(), golden[key], 2e-5);
        }),
      );
  });

  it.each([
    [1300, 60],
    [513, 128],
    [7, 40_000],
  ])('layerNorm and gelu of [%i, %i] agree with plain TensorFlow.js', (rows, columns) => {
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      const inputs = [[rows, columns], [columns], [columns]].map((shape, index) =>
        randomTensor(engine, shape, index + 1),
      );
      const dy = randomTensor(engine, [rows, columns], 9);
      const both =
        ({ layerNorm, gelu }: Pick<Engine['ops'], 'layerNorm' | 'gelu'>) =>
        (...[x, scale, offset]: Tensor[]) =>
          gelu(layerNorm(x!, scale!, offset!, 1e-5));
      const [actual, expected] = [ops, createGenericOps(tf)].map(set => {
        const { value, grads } = tf.valueAndGrads(both(set) as never)(inputs, dy);
        return [value, ...grads];
      }) as [Tensor[], Tensor[]];
      for (const [index, tensor] of expected.entries())
        expectClose(actual[index]!.dataSync(), tensor.dataSync(), 2e-5);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
}
