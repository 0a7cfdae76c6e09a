import { describe, expect, it } from 'vitest';
import type { Engine } from '../../backend/engine.js';
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
