import { describe, expect, it } from 'vitest';
import type { Engine } from '../../../engine/engine.js';
import type { Convolution, Tensor } from '../../../engine/ops.js';
import { tensor } from '../engine-tensors.js';

/**
 * Products in half precision against those in float32. `unit`: largest relative error of rounding to the format. Sums
 * are kept in float32, so that a result is off by at most (1 + unit)ⁿ - 1 of the sum of the products' magnitudes: n = 3
 * roundings of both factors and the result, 4 more where a convolution adds up taps.
 */
export function halfOpsSuite(engine: Engine, type: 'bfloat16' | 'float16', unit: number): void {
  const { tf } = engine;
  const half = engine.withPrecision(type);
  const bound = (roundings: number) => (1 + unit) ** roundings - 1 + 1e-5;

  /** [y, ...gradients] of a function of these inputs. */
  function results(f: (...inputs: Tensor[]) => Tensor, inputs: readonly Tensor[], dy: Tensor): Tensor[] {
    return [f(...inputs), ...tf.grads(f)([...inputs], dy)];
  }

  function compare(
    f: (engine: Engine, ...inputs: Tensor[]) => Tensor,
    inputs: readonly Tensor[],
    roundings: number,
  ): void {
    tf.tidy(() => {
      const exact = (...operands: Tensor[]) => f(engine, ...operands);
      const { shape } = exact(...inputs);
      const dy = tensor(engine, shape, 99);
      const expected = results(exact, inputs, dy);
      const magnitudes = results(
        exact,
        inputs.map(input => tf.abs(input)),
        tf.abs(dy),
      );
      const actual = results((...operands) => f(half, ...operands), inputs, dy);
      for (const [index, value] of actual.entries()) {
        expect(value.shape).toEqual(expected[index]!.shape);
        const [got, wanted, magnitude] = [value, expected[index]!, magnitudes[index]!].map(t => t.dataSync());
        let squares = 0;
        let errors = 0;
        for (let i = 0; i < wanted!.length; i++) {
          const error = Math.abs(got![i]! - wanted![i]!);
          if (!(error <= bound(roundings) * magnitude![i]!))
            expect.fail(`result ${index}, value ${i}: ${got![i]}, in float32 ${wanted![i]}`);
          squares += wanted![i]! ** 2;
          errors += error ** 2;
        }
        // Rounding errors are independent: together they are about as large as one of them.
        expect(Math.sqrt(errors / squares)).toBeLessThan(1.5 * unit);
        expect(Math.sqrt(errors / squares)).toBeGreaterThan(0.1 * unit);
      }
    });
  }

  describe(type, () => {
    const convolutions: [string, image: number, filter: number[], Convolution, roundings: number][] = [
      ['of TensorFlow', 10, [3, 3, 16, 24], { stride: 1, padding: 1 }, 3],
      ['with a stem’s stride', 13, [7, 7, 3, 16], { stride: 2, padding: 3 }, 3],
      ['of one channel', 12, [3, 3, 1, 16], { stride: 1, padding: 1 }, 3],
      ['of an odd number of channels', 8, [3, 3, 33, 8], { stride: 1, padding: 1 }, 3],
      ['by taps', 2, [3, 3, 512, 256], { stride: 1, padding: 1 }, 7],
      ['by taps, with a stride', 4, [3, 3, 256, 512], { stride: 2, padding: 1 }, 7],
      ['of pixels', 5, [1, 1, 40, 24], { stride: 2, padding: 0 }, 3],
    ];
    for (const [name, image, filter, options, roundings] of convolutions)
      it(`convolution ${name} and its gradients are as exact as the format`, () => {
        const inputs = [tensor(engine, [4, image, image, filter[2]!], 1), tensor(engine, filter, 2)];
        // float16's gradients always go by taps, each of nine rounded and added.
        const most = type === 'float16' && filter[0]! > 1 ? 2 + 2 * filter[0]! * filter[1]! : roundings;
        compare(({ ops }, x, weights) => ops.conv2d(x!, weights!, options), inputs, most);
        tf.dispose(inputs);
      });

    it('a linear layer and its gradients are as exact as the format', () => {
      const inputs = [tensor(engine, [32, 96], 1), tensor(engine, [50, 96], 2)];
      const bias = tf.zeros([50]);
      compare(({ ops }, x, weight) => ops.linear(x!, weight!, bias), inputs, 3);
      tf.dispose([...inputs, bias]);
    });

    it('a convolution’s result has the bits of the format, and any operation takes it', () =>
      tf.tidy(() => {
        const [x, filter] = [tensor(engine, [2, 6, 6, 8], 1), tensor(engine, [3, 3, 8, 8], 2)];
        const y = half.ops.conv2d(x, filter, { stride: 1, padding: 1 });
        const values = [...(y.dataSync() as Float32Array)];
        for (const value of values) {
          const lastPlace = 2 * unit * 2 ** Math.floor(Math.log2(Math.abs(value)));
          expect(Number.isInteger(value / lastPlace)).toBe(true);
        }
        const sum = values.reduce((total, value) => total + value, 0);
        expect(tf.sum(tf.mul(y, 2)).dataSync()[0]).toBeCloseTo(2 * sum, 2);
        // Once more, after it has been read in both formats.
        expect([...half.ops.relu(y).dataSync()]).toEqual(values.map(value => Math.max(value, 0)));
      }));

    it('a sum with a float32 operand is float32, one of halves is half', () =>
      tf.tidy(() => {
        const [x, filter] = [tensor(engine, [1, 4, 4, 8], 1), tensor(engine, [1, 1, 8, 8], 2)];
        const y = half.ops.conv2d(x, filter, { stride: 1, padding: 0 });
        const values = [...y.dataSync()];
        const small = tf.fill(y.shape, 2 ** -16);
        expect([...tf.add(y, small).dataSync()]).toEqual(values.map(value => Math.fround(value + 2 ** -16)));
        expect([...tf.add(y, y).dataSync()]).toEqual(values.map(value => 2 * value));
      }));

    it('relu passes no number on as no number', () =>
      tf.tidy(() => {
        const x = tf.tensor4d([Number.NaN, -1, 2, Number.POSITIVE_INFINITY], [1, 2, 2, 1]);
        const y = half.ops.conv2d(x, tf.ones([1, 1, 1, 1]), { stride: 1, padding: 0 });
        expect([...half.ops.relu(y).dataSync()]).toEqual([Number.NaN, 0, 2, Number.POSITIVE_INFINITY]);
        const gradient = tf.grad(value =>
          half.ops.relu(half.ops.conv2d(value, tf.ones([1, 1, 1, 1]), { stride: 1, padding: 0 })),
        );
        const dy = tf.tensor4d([1, 2, Number.NaN, -4], [1, 2, 2, 1]);
        expect([...gradient(tf.tensor4d([3, -1, 2, 0.5], [1, 2, 2, 1]), dy).dataSync()]).toEqual([
          1,
          0,
          Number.NaN,
          -4,
        ]);
      }));
  });
}
