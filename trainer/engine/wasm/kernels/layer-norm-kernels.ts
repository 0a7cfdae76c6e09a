import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap.js';
import type { Kernel } from './kernel.js';

const sizeOf = (tensor: TensorInfo) => tensor.shape.reduce((product, size) => product * size, 1);
const view = (heap: Heap, tensor: TensorInfo) => heap.floats(heap.pointer(tensor), sizeOf(tensor));

/** x [.., C], scale, offset → [y, mean of each row, 1 / deviation of each row]; sums are float64. */
const layerNorm: Kernel = (heap, inputs, { epsilon }) => {
  const { x, scale, offset } = inputs as Record<'x' | 'scale' | 'offset', TensorInfo>;
  const columns = x.shape.at(-1)!;
  const rows = sizeOf(x) / columns;
  const outputs = [heap.output(x.shape), heap.output([rows, 1]), heap.output([rows, 1])];
  const [y, means, inverses] = outputs.map(output => view(heap, output)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const [values, scales, offsets] = [view(heap, x), view(heap, scale), view(heap, offset)];
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += values[start + column]!;
    const mean = sum / columns;
    let squares = 0;
    for (let column = 0; column < columns; column++) squares += (values[start + column]! - mean) ** 2;
    const inverse = 1 / Math.sqrt(squares / columns + (epsilon as number));
    for (let column = 0; column < columns; column++)
      y[start + column] = (values[start + column]! - mean) * inverse * scales[column]! + offsets[column]!;
    means[row] = mean;
    inverses[row] = inverse;
  }
  return outputs;
};

/** → [dx, dScale, dOffset]: dx = inverse · (g − mean(g) − x̂ · mean(g x̂)) with g = dy · scale. */
const layerNormGradient: Kernel = (heap, inputs) => {
  const { x, dy, scale } = inputs as Record<'x' | 'dy' | 'scale', TensorInfo>;
  const columns = x.shape.at(-1)!;
  const rows = sizeOf(x) / columns;
  const outputs = [heap.output(x.shape), heap.output([columns]), heap.output([columns])];
  const dx = view(heap, outputs[0]!);
  const [values, gradients, scales] = [view(heap, x), view(heap, dy), view(heap, scale)];
  const [means, inverses] = [view(heap, inputs.mean!), view(heap, inputs.inverse!)];
  const scaleSums = new Float64Array(columns);
  const offsetSums = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    const mean = means[row]!;
    const inverse = inverses[row]!;
    let level = 0;
    let slope = 0;
    for (let column = 0; column < columns; column++) {
      const gradient = gradients[start + column]!;
      const normalized = (values[start + column]! - mean) * inverse;
      const inner = gradient * scales[column]!;
      level += inner;
      slope += inner * normalized;
      scaleSums[column]! += gradient * normalized;
      offsetSums[column]! += gradient;
    }
    level /= columns;
    slope /= columns;
    for (let column = 0; column < columns; column++) {
      const normalized = (values[start + column]! - mean) * inverse;
      dx[start + column] =
        inverse * (gradients[start + column]! * scales[column]! - level - normalized * slope);
    }
  }
  view(heap, outputs[1]!).set(scaleSums);
  view(heap, outputs[2]!).set(offsetSums);
  return outputs;
};

export const layerNormKernels = {
  LayerNorm: layerNorm,
  LayerNormGradient: layerNormGradient,
} satisfies Record<string, Kernel>;
