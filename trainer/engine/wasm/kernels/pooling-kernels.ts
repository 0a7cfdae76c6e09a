import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../ops.js';
import type { Heap } from '../heap.js';
import type { Kernel } from './kernel.js';

/** [start, end) of the windows of output rows and columns: they may overlap or leave pixels out. */
export interface Windows {
  rows: [start: number, end: number][];
  columns: [start: number, end: number][];
}

const windowsOf = (attributes: NamedAttrMap) => attributes as unknown as Windows;

/** Calls `visit` for each position of each window, row-major, with the first float of its pixel and of the output's. */
function visitWindows(
  x: TensorInfo,
  { rows, columns }: Windows,
  visit: (pixel: number, output: number) => void,
): void {
  const [count, height, width, channels] = x.shape as [number, number, number, number];
  let output = 0;
  for (let image = 0; image < count; image++)
    for (const [top, bottom] of rows)
      for (const [left, right] of columns) {
        for (let y = top; y < bottom; y++)
          for (let x = left; x < right; x++) visit(((image * height + y) * width + x) * channels, output);
        output += channels;
      }
}

function outputShape(x: TensorInfo, { rows, columns }: Windows): number[] {
  return [x.shape[0]!, rows.length, columns.length, x.shape[3]!];
}

const sizeOf = (tensor: TensorInfo) => tensor.shape.reduce((product, size) => product * size, 1);
const view = (heap: Heap, tensor: TensorInfo) => heap.floats(heap.pointer(tensor), sizeOf(tensor));

/** x [N,H,W,C] → the maximum of each window. */
const windowMaximum: Kernel = (heap, { x }, attributes) => {
  const windows = windowsOf(attributes);
  const y = heap.output(outputShape(x!, windows));
  view(heap, y).fill(Number.NEGATIVE_INFINITY);
  const [from, to, channels] = [heap.pointer(x!), heap.pointer(y), x!.shape[3]!];
  visitWindows(x!, windows, (pixel, output) =>
    heap.call.maximum(1, channels, from + pixel * 4, to + output * 4),
  );
  return y;
};

/** x, y = its window maxima, dy → dx: each gradient goes to the first pixel that holds the maximum. */
const windowMaximumGradient: Kernel = (heap, { x, y, dy }, attributes) => {
  const dx = heap.output(x!.shape);
  view(heap, dx).fill(0);
  const rest = heap.scratch('rest', sizeOf(dy!));
  heap.floats(rest, sizeOf(dy!)).set(view(heap, dy!));
  const channels = x!.shape[3]!;
  const [xPointer, yPointer, dxPointer] = [heap.pointer(x!), heap.pointer(y!), heap.pointer(dx)];
  visitWindows(x!, windowsOf(attributes), (pixel, output) =>
    heap.call.maximumGradient(
      1,
      channels,
      xPointer + pixel * 4,
      yPointer + output * 4,
      rest + output * 4,
      dxPointer + pixel * 4,
    ),
  );
  return dx;
};

/** The windows of TensorFlow.js's own pooling; pixels of the padding belong to none. */
function poolWindows(tf: TensorFlow, x: TensorInfo, attributes: NamedAttrMap): Windows {
  const info = tf.backend_util.computePool2DInfo(
    x.shape as [number, number, number, number],
    attributes.filterSize as [number, number],
    attributes.strides as [number, number],
    1,
    attributes.pad as number,
    attributes.dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
  );
  const windows = (count: number, stride: number, before: number, size: number, length: number) =>
    Array.from({ length: count }, (_, index) => {
      const start = index * stride - before;
      return [Math.max(0, start), Math.min(length, start + size)] as [number, number];
    });
  const { padInfo } = info;
  return {
    rows: windows(info.outHeight, info.strideHeight, padInfo.top, info.filterHeight, info.inHeight),
    columns: windows(info.outWidth, info.strideWidth, padInfo.left, info.filterWidth, info.inWidth),
  };
}

const maxPoolGrad: Kernel = (heap, inputs, attributes, tf) => {
  const { input, output, dy } = inputs as Record<'input' | 'output' | 'dy', TensorInfo>;
  const windows = poolWindows(tf, input, attributes) as unknown as NamedAttrMap;
  return windowMaximumGradient(heap, { x: input, y: output, dy }, windows, tf);
};

/** Each pixel of a window gets its share of dy; the mean counts no padding. */
const avgPoolGrad: Kernel = (heap, inputs, attributes, tf) => {
  const { input, dy } = inputs as Record<'input' | 'dy', TensorInfo>;
  const windows = poolWindows(tf, input, attributes);
  const dx = heap.output(input.shape);
  view(heap, dx).fill(0);
  const channels = input.shape[3]!;
  const share = heap.scratch('share', channels);
  const pixels = windows.rows.flatMap(([top, bottom]) =>
    windows.columns.map(([left, right]) => (bottom - top) * (right - left)),
  );
  visitWindows(input, windows, (pixel, output) => {
    heap.floats(share, channels).fill(1 / pixels[(output / channels) % pixels.length]!);
    heap.call.multiplyAdd(1, channels, heap.pointer(dy) + output * 4, heap.pointer(dx) + pixel * 4, share);
  });
  return dx;
};

/** x [N,H,W,C] → [N,C] */
const pixelMean: Kernel = (heap, { x }) => {
  const [count, height, width, channels] = x!.shape as [number, number, number, number];
  const y = heap.output([count, channels]);
  const sums = view(heap, y).fill(0);
  const pixels = height * width;
  for (let image = 0; image < count; image++)
    heap.call.sumRows(
      pixels,
      channels,
      heap.pointer(x!) + image * pixels * channels * 4,
      heap.pointer(y) + image * channels * 4,
    );
  for (let index = 0; index < sums.length; index++) sums[index]! /= pixels;
  return y;
};

/** dy [N,C] → dx [N,H,W,C] */
const pixelMeanGradient: Kernel = (heap, { dy }, { shape }) => {
  const [count, height, width, channels] = shape as [number, number, number, number];
  const dx = heap.output([count, height, width, channels]);
  const pixels = height * width;
  for (let image = 0; image < count; image++)
    heap.call.spreadRows(
      pixels,
      channels,
      heap.pointer(dx) + image * pixels * channels * 4,
      heap.pointer(dy!) + image * channels * 4,
      1 / pixels,
    );
  return dx;
};

export const poolingKernels = {
  WindowMaximum: windowMaximum,
  WindowMaximumGradient: windowMaximumGradient,
  MaxPoolGrad: maxPoolGrad,
  AvgPoolGrad: avgPoolGrad,
  PixelMean: pixelMean,
  PixelMeanGradient: pixelMeanGradient,
} satisfies Record<string, Kernel>;
