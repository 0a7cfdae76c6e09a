import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap.js';
import type { Kernel } from './kernel.js';

/** Rows that are summed in float32 before they are added up in float64. */
const rowsPerSum = 256;

interface Vectors {
  mean: ArrayLike<number>;
  variance: ArrayLike<number>;
  scale: ArrayLike<number>;
  offset: ArrayLike<number>;
}

function view(heap: Heap, tensor: TensorInfo): Float32Array {
  return heap.floats(
    heap.pointer(tensor),
    tensor.shape.reduce((product, size) => product * size, 1),
  );
}

/** A vector's values: a copy, since the next allocation may make the heap grow, which ends all views of it. */
const valuesOf = (heap: Heap, tensor: TensorInfo): Float32Array => view(heap, tensor).slice();

/** Sums over all rows, `names.length` of them at once: `sum` adds those of some rows to float32 vectors. */
function sums(
  heap: Heap,
  rows: number,
  channels: number,
  names: string[],
  sum: (from: number, count: number, pointers: number[]) => void,
): Float64Array[] {
  const totals = names.map(() => new Float64Array(channels));
  const pointers = names.map(name => heap.scratch(name, channels));
  for (let from = 0; from < rows; from += rowsPerSum) {
    for (const pointer of pointers) heap.floats(pointer, channels).fill(0);
    sum(from, Math.min(rowsPerSum, rows - from), pointers);
    totals.forEach((total, index) => {
      const part = heap.floats(pointers[index]!, channels);
      for (let channel = 0; channel < channels; channel++) total[channel]! += part[channel]!;
    });
  }
  return totals;
}

/** y = x · factor + shift: the same floats whenever they are computed, so that a ReLU's sign can be found again. */
function writeAffine(heap: Heap, channels: number, epsilon: number, vectors: Vectors) {
  const { mean, variance, scale, offset } = vectors;
  const pointers = { factor: heap.scratch('factor', channels), shift: heap.scratch('shift', channels) };
  const factor = heap.floats(pointers.factor, channels);
  const shift = heap.floats(pointers.shift, channels);
  for (let channel = 0; channel < channels; channel++) {
    const value = scale[channel]! / Math.sqrt(variance[channel]! + epsilon);
    factor[channel] = value;
    shift[channel] = offset[channel]! - mean[channel]! * value;
  }
  return pointers;
}

const rowsOf = (x: TensorInfo) => {
  const channels = x.shape.at(-1)!;
  return { channels, rows: x.shape.reduce((product, size) => product * size, 1) / channels };
};

/** x, scale, offset → [y, batch mean, biased batch variance]. */
const batchNormTraining: Kernel = (heap, inputs, { epsilon, relu }) => {
  const { x, scale, offset } = inputs as Record<'x' | 'scale' | 'offset', TensorInfo>;
  const { rows, channels } = rowsOf(x);
  const outputs = [heap.output(x.shape), heap.output([channels]), heap.output([channels])] as const;
  const [y, mean, variance] = outputs;
  const xPointer = heap.pointer(x);
  const at = (row: number) => xPointer + row * channels * 4;
  const [total] = sums(heap, rows, channels, ['sum'], (from, count, [sum]) =>
    heap.call.sumRows(count, channels, at(from), sum!),
  );
  view(heap, mean).set(total!.map(value => value / rows));
  const [squares] = sums(heap, rows, channels, ['sum'], (from, count, [sum]) =>
    heap.call.sumSquares(count, channels, at(from), heap.pointer(mean), sum!),
  );
  view(heap, variance).set(squares!.map(value => value / rows));
  const { factor, shift } = writeAffine(heap, channels, epsilon as number, {
    mean: valuesOf(heap, mean),
    variance: valuesOf(heap, variance),
    scale: valuesOf(heap, scale),
    offset: valuesOf(heap, offset),
  });
  const apply = relu ? heap.call.scaleShiftRelu : heap.call.scaleShift;
  apply(rows, channels, xPointer, heap.pointer(y), factor, shift);
  return [...outputs];
};

/** x, scale, offset, mean, variance → y with the given statistics. */
const batchNormInference: Kernel = (heap, inputs, { epsilon, relu }) => {
  const { x, scale, offset, mean, variance } = inputs as Record<keyof Vectors | 'x', TensorInfo>;
  const { rows, channels } = rowsOf(x);
  const y = heap.output(x.shape);
  const { factor, shift } = writeAffine(heap, channels, epsilon as number, {
    mean: valuesOf(heap, mean),
    variance: valuesOf(heap, variance),
    scale: valuesOf(heap, scale),
    offset: valuesOf(heap, offset),
  });
  const apply = relu ? heap.call.scaleShiftRelu : heap.call.scaleShift;
  apply(rows, channels, heap.pointer(x), heap.pointer(y), factor, shift);
  return y;
};

/**
 * x, dy, scale, offset, mean, variance → [dx, dScale, dOffset], with g = dy behind the ReLU:
 * dx = factor · (g - mean(g) - x̂ · mean(g x̂)), x̂ = (x - mean) / sqrt(variance + epsilon).
 */
const batchNormTrainingGradient: Kernel = (heap, inputs, { epsilon, relu }) => {
  const { x, dy, scale, offset, mean, variance } = inputs as Record<keyof Vectors | 'x' | 'dy', TensorInfo>;
  const { rows, channels } = rowsOf(x);
  const outputs = [heap.output(x.shape), heap.output([channels]), heap.output([channels])] as const;
  const [dx, dScale, dOffset] = outputs.map(output => heap.pointer(output)) as [number, number, number];
  const vectors = {
    mean: valuesOf(heap, mean),
    variance: valuesOf(heap, variance),
    scale: valuesOf(heap, scale),
    offset: valuesOf(heap, offset),
  };
  const { factor, shift } = writeAffine(heap, channels, epsilon as number, vectors);
  const meanPointer = heap.pointer(mean);
  const [xPointer, dyPointer] = [heap.pointer(x), heap.pointer(dy)];
  const sum = relu ? heap.call.normReluGradientSums : heap.call.normGradientSums;
  const [offsetSum, scaleSum] = sums(
    heap,
    rows,
    channels,
    ['offsetSum', 'scaleSum'],
    (from, count, pointers) => {
      const skip = from * channels * 4;
      sum(count, channels, xPointer + skip, dyPointer + skip, meanPointer, factor, shift, ...pointers);
    },
  ) as [Float64Array, Float64Array];
  const [slope, level] = [heap.scratch('slope', channels), heap.scratch('level', channels)];
  const views = [slope, level, dScale, dOffset].map(pointer => heap.floats(pointer, channels));
  const [slopes, levels, scaleGradient, offsetGradient] = views as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let channel = 0; channel < channels; channel++) {
    const inverse = 1 / Math.sqrt(vectors.variance[channel]! + (epsilon as number));
    const gain = vectors.scale[channel]! * inverse;
    offsetGradient[channel] = offsetSum[channel]!;
    scaleGradient[channel] = scaleSum[channel]! * inverse;
    levels[channel] = (-gain * offsetSum[channel]!) / rows;
    slopes[channel] = (-gain * inverse * inverse * scaleSum[channel]!) / rows;
  }
  const apply = relu ? heap.call.normReluGradient : heap.call.normGradient;
  apply(rows, channels, xPointer, dyPointer, dx, meanPointer, factor, shift, slope, level);
  return [...outputs];
};

export const batchNormKernels = {
  BatchNormTraining: batchNormTraining,
  BatchNormTrainingGradient: batchNormTrainingGradient,
  BatchNormInference: batchNormInference,
} satisfies Record<string, Kernel>;
