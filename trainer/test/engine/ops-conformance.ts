import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import type { BatchNormOptions, Tensor } from '../../engine/ops.js';
import { goldenFile } from '../golden-file.js';
import { expectClose } from './expect-close.js';

interface BatchNormCase {
  name: string;
  options: BatchNormOptions;
  shape: number[];
  [values: string]: unknown;
}
interface AdaptiveMaxPoolCase {
  name: string;
  size: number;
  shape: number[];
  x: number[];
  y: number[];
  dy: number[];
  dx: number[];
}
interface CrossEntropyCase {
  name: string;
  logits: number[][];
  target: number[] | number[][];
  target_kind: 'labels' | 'probabilities';
  label_smoothing: number;
  per_sample: number[];
  grad: number[][];
}

/** What every engine's `Ops` must give: PyTorch's values and gradients. */
export function opsConformance({ tf, ops }: Engine): void {
  const vector = (values: unknown) => tf.tensor1d(values as number[], 'float32');

  describe('batchNorm', () => {
    it('refuses one value a channel in training, as PyTorch does', () => {
      const normalize = (shape: [number, number, number, number]) =>
        tf.tidy(() => {
          const [scale, offset] = [tf.ones([2]), tf.zeros([2])];
          const tensors = { scale, offset, runningMean: offset, runningVariance: scale };
          return ops.batchNorm(tf.ones(shape), tensors, { training: true }).dataSync().length;
        });
      expect(() => normalize([1, 1, 1, 2])).toThrow('more than one value a channel');
      expect(normalize([2, 1, 1, 2])).toBe(4);
    });

    for (const golden of goldenFile<BatchNormCase[]>('batch-norm.json'))
      it(golden.name, () => {
        const running: Tensor[] = [];
        const image = (key: string) => tf.tensor(golden[key] as number[], golden.shape, 'float32');
        const [runningMean, runningVariance] = [vector(golden.runningMean), vector(golden.runningVariance)];
        const normalize = (x: Tensor, scale: Tensor, offset: Tensor) =>
          ops.batchNorm(
            x,
            { scale, offset, runningMean, runningVariance },
            { ...golden.options, onRunning: (...statistics) => running.push(...statistics) },
          );
        const inputs = [image('x'), vector(golden.scale), vector(golden.offset)] as [Tensor, Tensor, Tensor];
        tf.tidy(() => {
          expectClose(normalize(...inputs).dataSync(), golden.y as number[], 1e-5);
          const gradients = tf.grads(normalize)(inputs, image('dy'));
          for (const [index, key] of ['dx', 'dscale', 'doffset'].entries())
            expectClose(gradients[index]!.dataSync(), golden[key] as number[], 2e-5);
        });
        expect(running.length).toBe(golden.options.training ? 4 : 0);
        if (golden.options.training) {
          expectClose(running[0]!.dataSync(), golden.newMean as number[], 1e-6);
          expectClose(running[1]!.dataSync(), golden.newVariance as number[], 1e-6);
        }
        tf.dispose([...running, ...inputs, runningMean, runningVariance]);
      });
  });

  describe('adaptiveMaxPool', () => {
    for (const { name, size, shape, x, y, dy, dx } of goldenFile<AdaptiveMaxPoolCase[]>(
      'adaptive-max-pool.json',
    ))
      it(name, () =>
        tf.tidy(() => {
          const input = tf.tensor(x, shape, 'float32');
          const pooled = ops.adaptiveMaxPool(input, size);
          expect([...pooled.dataSync()]).toEqual(y);
          const gradient = tf.grad(value => ops.adaptiveMaxPool(value, size))(
            input,
            tf.tensor(dy, pooled.shape),
          );
          expectClose(gradient.dataSync(), dx, 1e-6);
        }),
      );
  });

  describe('softmaxCrossEntropy', () => {
    for (const golden of goldenFile<CrossEntropyCase[]>('cross-entropy.json'))
      it(golden.name, () =>
        tf.tidy(() => {
          const classes = golden.logits[0]!.length;
          const hard = (label: number) =>
            Array.from({ length: classes }, (_, index) => Number(index === label));
          const targets = golden.target.map(target =>
            (typeof target === 'number' ? hard(target) : target).map(
              share => share * (1 - golden.label_smoothing) + golden.label_smoothing / classes,
            ),
          );
          const logits = tf.tensor2d(golden.logits);
          const loss = (values: Tensor) => ops.softmaxCrossEntropy(values, tf.tensor2d(targets));
          expectClose(loss(logits).dataSync(), golden.per_sample, 1e-6);
          const gradient = tf.grad(values => tf.mean(loss(values)))(logits);
          expectClose(gradient.dataSync(), golden.grad.flat(), 1e-6);
        }),
      );
  });

  it('linear: x · weightᵀ + bias and its gradients', () =>
    tf.tidy(() => {
      const x = tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6],
      ]);
      const weight = tf.tensor2d([
        [1, 0, -1],
        [2, 1, 0],
      ]);
      const bias = tf.tensor1d([0.5, -0.5]);
      const dy = tf.tensor2d([
        [1, 2],
        [3, 4],
      ]);
      expect([...ops.linear(x, weight, bias).dataSync()]).toEqual([-1.5, 3.5, -1.5, 12.5]);
      const gradients = tf.grads((...inputs) => ops.linear(...(inputs as [Tensor, Tensor, Tensor])))(
        [x, weight, bias],
        dy,
      );
      const [dx, dweight, dbias] = gradients.map(gradient => [...gradient.dataSync()]);
      expect(dx).toEqual([5, 2, -1, 11, 4, -3]);
      expect(dweight).toEqual([13, 17, 21, 18, 24, 30]);
      expect(dbias).toEqual([4, 6]);
    }));

  it('relu and addRelu pass gradients where the result is positive', () =>
    tf.tidy(() => {
      const x = tf.tensor1d([-1, 0, 2, 3]);
      const y = tf.tensor1d([2, -1, -3, 1]);
      const dy = tf.tensor1d([1, 2, 3, 4]);
      expect([...ops.relu(x).dataSync()]).toEqual([0, 0, 2, 3]);
      expect([
        ...tf
          .grad(value => ops.relu(value))(x, dy)
          .dataSync(),
      ]).toEqual([0, 0, 3, 4]);
      expect([...ops.addRelu(x, y).dataSync()]).toEqual([1, 0, 0, 4]);
      for (const gradient of tf.grads((a, b) => ops.addRelu(a, b))([x, y], dy))
        expect([...gradient.dataSync()]).toEqual([1, 0, 0, 4]);
    }));

  it('globalAveragePool averages each channel', () =>
    tf.tidy(() => {
      const x = tf.tensor4d([1, 10, 2, 20, 3, 30, 6, 60], [1, 2, 2, 2]);
      expect([...ops.globalAveragePool(x).dataSync()]).toEqual([3, 30]);
      const gradient = tf.grad(value => ops.globalAveragePool(value))(x, tf.tensor2d([[4, 8]]));
      expect([...gradient.dataSync()]).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
    }));

  it('imagesFromBytes keeps all byte values, also of a view into a larger buffer', () =>
    tf.tidy(() => {
      const bytes = Uint8Array.from({ length: 257 }, (_, index) => index - 1).subarray(1);
      const images = ops.imagesFromBytes(bytes, [1, 8, 8, 4]);
      expect(images.dtype).toBe('float32');
      expect([...images.dataSync()]).toEqual([...bytes]);
    }));
}
