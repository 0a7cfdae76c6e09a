/** Which pixels of a convolution's input each tap of its kernel sees. */
import type { Convolution } from '../../ops.js';

/** `[height, width]` or a position of such a size. */
export type Extent = readonly [number, number];

export interface Tap {
  /** Row-major place in the kernel. */
  index: number;
  /** Row-major positions of the input that the tap reads, one for each of `outputs`. */
  inputs: readonly number[];
  /** Row-major positions of the output that it adds to. */
  outputs: readonly number[];
}

/** Height and width of a convolution's output. */
export const outputExtent = (input: Extent, kernel: Extent, { stride, padding }: Convolution): Extent => [
  Math.floor((input[0] + 2 * padding - kernel[0]) / stride) + 1,
  Math.floor((input[1] + 2 * padding - kernel[1]) / stride) + 1,
];

/** All taps in order. One that sees nothing but padding has no positions. */
export function tapsOf(input: Extent, kernel: Extent, options: Convolution): Tap[] {
  const { stride, padding } = options;
  const [rows, columns] = outputExtent(input, kernel, options);
  return Array.from({ length: kernel[0] * kernel[1] }, (_, index) => {
    const inputs: number[] = [];
    const outputs: number[] = [];
    for (let row = 0; row < rows; row++) {
      const y = row * stride - padding + Math.floor(index / kernel[1]);
      if (y < 0 || y >= input[0]) continue;
      for (let column = 0; column < columns; column++) {
        const x = column * stride - padding + (index % kernel[1]);
        if (x < 0 || x >= input[1]) continue;
        inputs.push(y * input[1] + x);
        outputs.push(row * columns + column);
      }
    }
    return { index, inputs, outputs };
  });
}

/** Share of the (output, tap) pairs that see the image and not its padding. */
export function imageShare(input: Extent, kernel: Extent, options: Convolution): number {
  const [rows, columns] = outputExtent(input, kernel, options);
  const seen = tapsOf(input, kernel, options).reduce((sum, tap) => sum + tap.outputs.length, 0);
  return seen / (rows * columns * kernel[0] * kernel[1]);
}
