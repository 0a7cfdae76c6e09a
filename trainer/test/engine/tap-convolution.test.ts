import { describe, expect, it } from 'vitest';
import { createDirectConvolution } from '../../engine/native/convolution/direct-convolution.js';
import { createTapConvolution } from '../../engine/native/convolution/tap-convolution.js';
import { imageShare, tapsOf } from '../../engine/native/convolution/taps.js';
import { createKernels } from '../../engine/native/kernels.js';
import { loadAddon } from '../../engine/native/load-addon.js';
import type { Shape4D } from '../../engine/native/placement.js';
import type { Convolution, Tensor, TensorFlow } from '../../engine/ops.js';

describe('taps', () => {
  it('of a 3×3 kernel on 2×2 pixels see 16 of 36 pixels', () => {
    expect(imageShare([2, 2], [3, 3], { stride: 1, padding: 1 })).toBe(16 / 36);
  });

  it('on one pixel all see padding but the middle one', () => {
    const taps = tapsOf([1, 1], [3, 3], { stride: 1, padding: 1 });
    expect(taps.filter(tap => tap.outputs.length > 0)).toEqual([{ index: 4, inputs: [0], outputs: [0] }]);
  });

  it('list row-major positions of input and output', () => {
    const [first] = tapsOf([3, 3], [3, 3], { stride: 2, padding: 1 });
    expect(first).toEqual({ index: 0, inputs: [4], outputs: [3] });
  });
});

const loaded = loadAddon(1);
if (loaded.tf) describe('convolution by taps', () => comparison(loaded.tf));
else describe.skip('convolution by taps: the native engine is not there');

function comparison(tf: TensorFlow): void {
  const kernels = createKernels(tf);
  const direct = createDirectConvolution(tf, kernels);
  const byTaps = createTapConvolution(tf, kernels);
  /** Small integers: sums of their products are exact in float32. */
  const integers = (shape: Shape4D, factor: number): Tensor =>
    tf.tensor(
      Array.from(
        { length: shape.reduce((product, side) => product * side, 1) },
        (_, i) => ((i * factor) % 17) - 8,
      ),
      [...shape],
      'float32',
    );

  const cases: [image: number, kernel: number, options: Convolution][] = [
    [1, 3, { stride: 1, padding: 1 }],
    [2, 3, { stride: 1, padding: 1 }],
    [3, 3, { stride: 2, padding: 1 }],
    [4, 3, { stride: 2, padding: 1 }],
    [3, 5, { stride: 1, padding: 2 }],
    [5, 1, { stride: 2, padding: 0 }],
    [4, 3, { stride: 3, padding: 0 }],
  ];
  for (const [image, kernel, options] of cases)
    it(`${image}×${image} pixels, kernel ${kernel}, ${JSON.stringify(options)}: same values as directly`, () =>
      tf.tidy(() => {
        const inputShape: Shape4D = [3, image, image, 4];
        const filterShape: Shape4D = [kernel, kernel, 4, 5];
        const x = integers(inputShape, 5);
        const filter = integers(filterShape, 7);
        const expected = direct.forward(x, filter, options);
        const y = byTaps.forward(x, filter, options);
        expect(y.shape).toEqual(expected.shape);
        expect(y.dataSync()).toEqual(expected.dataSync());
        const dy = integers(y.shape as unknown as Shape4D, 3);
        expect(byTaps.inputGradient(dy, filter, inputShape, options).dataSync()).toEqual(
          direct.inputGradient(dy, filter, inputShape, options).dataSync(),
        );
        expect(byTaps.filterGradient(x, dy, filterShape, options).dataSync()).toEqual(
          direct.filterGradient(x, dy, filterShape, options).dataSync(),
        );
      }));
}
