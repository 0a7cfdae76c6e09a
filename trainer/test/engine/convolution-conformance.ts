import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import { goldenFile } from '../golden-file.js';

export interface Values {
  shape: number[];
  values: number[];
}
export interface ConvolutionCase {
  name: string;
  stride: number;
  pads: [[number, number], [number, number]];
  x: Values;
  filter: Values;
  y: Values;
  dy: Values;
  dx: Values;
  dfilter: Values;
}
interface MaxPoolCase extends Omit<ConvolutionCase, 'filter' | 'dfilter'> {
  kernel: [number, number];
}

/** The numbers are dyadic: sums of their products are exact in float32, in whatever order. */
export function convolutionConformance({ tf, ops }: Engine): void {
  const tensor = ({ values, shape }: Values) => tf.tensor(values, shape, 'float32');

  describe('conv2d', () => {
    for (const golden of goldenFile<ConvolutionCase[]>('convolution.json'))
      it(golden.name, () => {
        const options = { stride: golden.stride, padding: golden.pads[0][0] };
        tf.tidy(() => {
          const [x, filter, dy] = [golden.x, golden.filter, golden.dy].map(tensor) as [never, never, never];
          expect([...ops.conv2d(x, filter, options).dataSync()]).toEqual(golden.y.values);
          const [dx, dfilter] = tf.grads((input, weights) => ops.conv2d(input, weights, options))(
            [x, filter],
            dy,
          );
          expect([...dx!.dataSync()]).toEqual(golden.dx.values);
          expect([...dfilter!.dataSync()]).toEqual(golden.dfilter.values);
        });
      });
  });

  describe('maxPool', () => {
    for (const golden of goldenFile<MaxPoolCase[]>('max-pool.json'))
      it(golden.name, () => {
        const options = { size: golden.kernel[0], stride: golden.stride, padding: golden.pads[0][0] };
        tf.tidy(() => {
          const x = tensor(golden.x);
          expect([...ops.maxPool(x, options).dataSync()]).toEqual(golden.y.values);
          const dx = tf.grad(input => ops.maxPool(input, options))(x, tensor(golden.dy));
          expect([...dx.dataSync()]).toEqual(golden.dx.values);
        });
      });
  });

  it('conv2d leaves no tensor behind', () => {
    const x = tf.ones([2, 6, 6, 3]);
    const filter = tf.ones([3, 3, 3, 4]);
    const before = tf.memory().numTensors;
    tf.tidy(() => {
      tf.grads((input, weights) => tf.sum(ops.conv2d(input, weights, { stride: 2, padding: 1 })))([
        x,
        filter,
      ]);
    });
    expect(tf.memory().numTensors).toBe(before);
  });
}
