import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Conv2DInfo } from '@tensorflow/tfjs-core/dist/ops/conv_util.js';
import type { TensorFlow } from '../../ops.js';
import type { Heap } from '../heap.js';
import type { Kernel } from './kernel.js';

function geometry(tf: TensorFlow, x: number[], filter: number[], attributes: NamedAttrMap): Conv2DInfo {
  return tf.backend_util.computeConv2DInfo(
    x as [number, number, number, number],
    filter as [number, number, number, number],
    attributes.strides as number,
    (attributes.dilations as number | undefined) ?? 1,
    attributes.pad as number,
    attributes.dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
    true,
  );
}

/** A run of pixels that one filter position connects, in pixels from the starts of the tensors. */
interface Run {
  input: number;
  output: number;
  /** Position in the filter, row-major. */
  tap: number;
  length: number;
}

/** Visits all pairs of input and output pixels, as runs that are adjacent in both. */
function visitRuns(info: Conv2DInfo, visit: (run: Run) => void): void {
  const { strideWidth, padInfo } = info;
  for (let image = 0; image < info.batchSize; image++)
    for (let y = 0; y < info.outHeight; y++)
      for (let row = 0; row < info.filterHeight; row++) {
        const inputRow = y * info.strideHeight + row * info.dilationHeight - padInfo.top;
        if (inputRow < 0 || inputRow >= info.inHeight) continue;
        for (let column = 0; column < info.filterWidth; column++) {
          const shift = column * info.dilationWidth - padInfo.left;
          const first = Math.max(0, Math.ceil(-shift / strideWidth));
          const last = Math.min(info.outWidth - 1, Math.floor((info.inWidth - 1 - shift) / strideWidth));
          const length = strideWidth === 1 ? last - first + 1 : 1;
          for (let x = first; x <= last; x += length)
            visit({
              input: (image * info.inHeight + inputRow) * info.inWidth + x * strideWidth + shift,
              output: (image * info.outHeight + y) * info.outWidth + x,
              tap: row * info.filterWidth + column,
              length,
            });
        }
      }
}

const sizeOf = (tensor: TensorInfo) => tensor.shape.reduce((product, size) => product * size, 1);
const view = (heap: Heap, tensor: TensorInfo) => heap.floats(heap.pointer(tensor), sizeOf(tensor));

/** Calls `visit` for each pair of channels of a run, for filters with several outputs a channel. */
function visitChannels(
  info: Conv2DInfo,
  { input, output, tap, length }: Run,
  visit: (input: number, output: number, filter: number) => void,
): void {
  const multiplier = info.outChannels / info.inChannels;
  for (let pixel = 0; pixel < length; pixel++)
    for (let channel = 0; channel < info.outChannels; channel++)
      visit(
        (input + pixel) * info.inChannels + Math.floor(channel / multiplier),
        (output + pixel) * info.outChannels + channel,
        tap * info.outChannels + channel,
      );
}

const depthwiseBackpropInput: Kernel = (heap, inputs, attributes, tf) => {
  const { dy, filter } = inputs as Record<'dy' | 'filter', TensorInfo>;
  const info = geometry(tf, attributes.inputShape as number[], filter.shape, attributes);
  const dx = heap.output(info.inShape);
  const gradient = view(heap, dx).fill(0);
  const [weights, dyValues] = [view(heap, filter), view(heap, dy)];
  const channels = info.inChannels;
  visitRuns(info, run => {
    if (info.outChannels === channels)
      heap.call.multiplyAdd(
        run.length,
        channels,
        heap.pointer(dy) + run.output * channels * 4,
        heap.pointer(dx) + run.input * channels * 4,
        heap.pointer(filter) + run.tap * channels * 4,
      );
    else
      visitChannels(info, run, (input, output, weight) => {
        gradient[input]! += dyValues[output]! * weights[weight]!;
      });
  });
  return dx;
};

const depthwiseBackpropFilter: Kernel = (heap, inputs, attributes, tf) => {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>;
  const info = geometry(tf, x.shape, attributes.filterShape as number[], attributes);
  const dFilter = heap.output(info.filterShape);
  const gradient = view(heap, dFilter).fill(0);
  const [xValues, dyValues] = [view(heap, x), view(heap, dy)];
  const channels = info.inChannels;
  visitRuns(info, run => {
    if (info.outChannels === channels)
      heap.call.sumProducts(
        run.length,
        channels,
        heap.pointer(x) + run.input * channels * 4,
        heap.pointer(dy) + run.output * channels * 4,
        heap.pointer(dFilter) + run.tap * channels * 4,
      );
    else
      visitChannels(info, run, (input, output, weight) => {
        gradient[weight]! += xValues[input]! * dyValues[output]!;
      });
  });
  return dFilter;
};

export const depthwiseKernels = {
  DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
  DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
} satisfies Record<string, Kernel>;
