import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';
import { goldenFile } from '../golden-file.js';
import type { ConvolutionCase, Values } from './convolution-conformance.js';
import { expectClose } from './expect-close.js';

interface AveragePoolCase extends Omit<ConvolutionCase, 'filter' | 'dfilter'> {
  size: number;
}

/** As in convolution-conformance.ts, the sums of products are exact in float32. */
export function depthwiseConformance({ tf, ops }: Engine): void {
  const tensor = ({ values, shape }: Values) => tf.tensor(values, shape, 'float32');

  describe('depthwiseConv2d', () => {
    it.each(goldenFile<ConvolutionCase[]>('depthwise-convolution.json'))('$name', golden => {
      const options = { stride: golden.stride, padding: golden.pads[0][0] };
      tf.tidy(() => {
        const [x, filter, dy] = [golden.x, golden.filter, golden.dy].map(tensor) as [never, never, never];
        expect([...ops.depthwiseConv2d(x, filter, options).dataSync()]).toEqual(golden.y.values);
        const [dx, dfilter] = tf.grads((input, weights) => ops.depthwiseConv2d(input, weights, options))(
          [x, filter],
          dy,
        );
        expect([...dx!.dataSync()]).toEqual(golden.dx.values);
        expect([...dfilter!.dataSync()]).toEqual(golden.dfilter.values);
      });
    });
  });

  describe('the gradient of a depthwise filter', () => {
    it.each([
      { size: 1, kernel: 7, stride: 1, padding: 3 },
      { size: 2, kernel: 5, stride: 1, padding: 2 },
      { size: 3, kernel: 5, stride: 2, padding: 2 },
      { size: 5, kernel: 7, stride: 1, padding: 3 },
      { size: 2, kernel: 3, stride: 1, padding: 2 },
      { size: 6, kernel: 5, stride: 3, padding: 1 },
    ])('of $kernel taps on $size pixels, stride $stride, padding $padding', options => {
      const { size, kernel, stride, padding } = options;
      const outputs = Math.floor((size + 2 * padding - kernel) / stride) + 1;
      const small = (length: number) => Array.from({ length }, (_, index) => ((index * 37) % 11) - 5);
      const [x, dy] = [small(size * size * 2), small(outputs * outputs * 2)];
      const expected = Array.from({ length: kernel * kernel * 2 }, (_, place) => {
        const [tap, channel] = [Math.floor(place / 2), place % 2];
        let sum = 0;
        for (let row = 0; row < outputs; row++)
          for (let column = 0; column < outputs; column++) {
            const y = row * stride - padding + Math.floor(tap / kernel);
            const z = column * stride - padding + (tap % kernel);
            if (y >= 0 && y < size && z >= 0 && z < size)
              sum += x[(y * size + z) * 2 + channel]! * dy[(row * outputs + column) * 2 + channel]!;
          }
        return sum;
      });
      tf.tidy(() => {
        const [gradient] = tf.grads((filter: Tensor) =>
          ops.depthwiseConv2d(tf.tensor4d(x, [1, size, size, 2]), filter, { stride, padding }),
        )([tf.zeros([kernel, kernel, 2, 1])], tf.tensor4d(dy, [1, outputs, outputs, 2]));
        expect([...gradient!.dataSync()].map(value => value + 0)).toEqual(expected.map(value => value + 0));
      });
    });
  });

  describe('averagePool', () => {
    it.each(goldenFile<AveragePoolCase[]>('average-pool.json'))('$name', golden =>
      tf.tidy(() => {
        const x = tensor(golden.x);
        expectClose(ops.averagePool(x, golden.size).dataSync(), golden.y.values, 1e-6);
        const dx = tf.grad(input => ops.averagePool(input, golden.size))(x, tensor(golden.dy));
        expectClose(dx.dataSync(), golden.dx.values, 1e-6);
      }),
    );
  });
}
