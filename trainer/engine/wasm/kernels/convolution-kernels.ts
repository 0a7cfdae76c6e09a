import type { NamedAttrMap } from '@tensorflow/tfjs-core';
import type { TensorFlow } from '../../ops.js';
import { convolve, filterGradient } from '../convolution.js';
import { inputGradient } from '../convolution-input-gradient.js';
import type { Kernel } from './kernel.js';

type Shape4D = [number, number, number, number];

function geometry(tf: TensorFlow, x: number[], filter: number[], attributes: NamedAttrMap) {
  const format = attributes.dataFormat;
  if (format !== undefined && format !== 'NHWC') throw new Error(`convolution: only NHWC, got ${format}`);
  return tf.backend_util.computeConv2DInfo(
    x as Shape4D,
    filter as Shape4D,
    attributes.strides as number,
    (attributes.dilations as number | undefined) ?? 1,
    attributes.pad as number,
    attributes.dimRoundingMode as 'floor' | 'round' | 'ceil' | undefined,
  );
}

const conv2d: Kernel = (heap, inputs, attributes, tf) => {
  const { x, filter } = inputs as Record<'x' | 'filter', (typeof inputs)[string]>;
  const info = geometry(tf, x.shape, filter.shape, attributes);
  const y = heap.output(info.outShape);
  convolve(heap, heap.pointer(x), heap.pointer(filter), heap.pointer(y), info);
  return y;
};

const conv2dBackpropInput: Kernel = (heap, inputs, attributes, tf) => {
  const { dy, filter } = inputs as Record<'dy' | 'filter', (typeof inputs)[string]>;
  const info = geometry(tf, attributes.inputShape as number[], filter.shape, attributes);
  const dx = heap.output(info.inShape);
  inputGradient(heap, heap.pointer(dy), heap.pointer(filter), heap.pointer(dx), info);
  return dx;
};

const conv2dBackpropFilter: Kernel = (heap, inputs, attributes, tf) => {
  const { x, dy } = inputs as Record<'x' | 'dy', (typeof inputs)[string]>;
  const info = geometry(tf, x.shape, attributes.filterShape as number[], attributes);
  const dFilter = heap.output(info.filterShape);
  filterGradient(heap, heap.pointer(x), heap.pointer(dy), heap.pointer(dFilter), info);
  return dFilter;
};

export const convolutionKernels = {
  Conv2D: conv2d,
  Conv2DBackpropInput: conv2dBackpropInput,
  Conv2DBackpropFilter: conv2dBackpropFilter,
} satisfies Record<string, Kernel>;
