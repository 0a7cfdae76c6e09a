import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import { goldenFile } from '../golden-file.js';
import { expectClose } from './expect-close.js';

const names = ['silu', 'hardSwish', 'hardSigmoid'] as const;
type Golden = Record<'x' | 'dy', number[]> & Record<(typeof names)[number], Record<'y' | 'dx', number[]>>;

/** PyTorch's values and gradients, on both sides of every bend. */
export function activationConformance({ tf, ops }: Engine): void {
  describe('activations', () => {
    const golden = goldenFile<Golden>('activations.json');
    it.each(names)('%s', name =>
      tf.tidy(() => {
        const x = tf.tensor1d(golden.x);
        expectClose(ops[name](x).dataSync(), golden[name].y, 1e-6);
        const dx = tf.grad(value => ops[name](value))(x, tf.tensor1d(golden.dy));
        expectClose(dx.dataSync(), golden[name].dx, 1e-6);
      }),
    );

    it.each(names)('%s leaves no tensor behind', name => {
      const x = tf.ones([2, 3, 3, 5]);
      const before = tf.memory().numTensors;
      tf.tidy(() =>
        tf
          .grad(value => tf.sum(ops[name](value)))(x)
          .dataSync(),
      );
      expect(tf.memory().numTensors).toBe(before);
      x.dispose();
    });
  });

  it('addBias adds to each channel, and its gradient sums over all else', () =>
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
      const dy = tf.tensor4d([1, -1, 2, -2, 3, -3, 4, -5], [1, 2, 2, 2]);
      const bias = tf.tensor1d([10, 20]);
      expect([...ops.addBias(x, bias).dataSync()]).toEqual([11, 22, 13, 24, 15, 26, 17, 28]);
      const [dx, dbias] = tf.grads((image, vector) => ops.addBias(image, vector))([x, bias], dy);
      expect([...dx!.dataSync()]).toEqual([...dy.dataSync()]);
      expect([...dbias!.dataSync()]).toEqual([10, -11]);
    }));

  it('scaleChannels multiplies each channel of each image by its own number', () =>
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 2, 2]);
      const dy = tf.tensor4d([1, -1, 2, -2, 3, -3, 4, -4], [2, 1, 2, 2]);
      const scale = tf.tensor2d([2, 3, 4, 5], [2, 2]);
      expect([...ops.scaleChannels(x, scale).dataSync()]).toEqual([2, 6, 6, 12, 20, 30, 28, 40]);
      const [dx, dscale] = tf.grads((image, vector) => ops.scaleChannels(image, vector))([x, scale], dy);
      expect([...dx!.dataSync()]).toEqual([2, -3, 4, -6, 12, -15, 16, -20]);
      expect([...dscale!.dataSync()]).toEqual([7, -10, 43, -50]);
    }));
}
