import type { Tensor4D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';
import { readGolden } from '../golden.js';
import { deviation, on, wasm } from './backends.js';

interface Values {
  shape: number[];
  values: number[];
}

interface Case {
  op: 'conv2d' | 'depthwise_conv2d' | 'max_pool' | 'avg_pool';
  name: string;
  kernel: [number, number];
  stride: number;
  dilation?: number;
  pads: [[number, number], [number, number]];
  padding: string;
  x: Values;
  filter?: Values;
  y: Values;
  dy: Values;
  dx: Values;
  dfilter?: Values;
}

const { cases } = JSON.parse(readGolden('conv_ops.json').toString()) as { cases: Case[] };

function forward({ tf }: Engine, one: Case, x: Tensor, filter?: Tensor): Tensor {
  const pads = [[0, 0], ...one.pads, [0, 0]] as [[number, number], ...[number, number][]] as never;
  const symmetric = one.pads.flat().every(pad => pad === one.pads[0][0]);
  const pad = one.padding === 'explicit' ? pads : (one.padding as 'same' | 'valid');
  switch (one.op) {
    case 'conv2d':
    case 'depthwise_conv2d': {
      const name = one.op === 'conv2d' ? 'Conv2D' : 'DepthwiseConv2dNative';
      const attributes = { strides: one.stride, dilations: one.dilation ?? 1, pad, dataFormat: 'NHWC' };
      return tf.engine().runKernel(name, { x, filter: filter! }, attributes) as Tensor;
    }
    case 'max_pool':
      return tf.maxPool(x as Tensor4D, one.kernel, one.stride, symmetric ? one.pads[0][0] : 'same');
    case 'avg_pool':
      return tf.avgPool(x as Tensor4D, one.kernel, one.stride, one.padding as 'same' | 'valid');
  }
}

/** y, dx and, where there is a filter, dfilter. */
function forwardAndGradients(engine: Engine, one: Case): Tensor[] {
  const { tf } = engine;
  const [x, dy] = [one.x, one.dy].map(({ values, shape }) => tf.tensor(values, shape)) as [Tensor, Tensor];
  const inputs = one.filter ? [x, tf.tensor(one.filter.values, one.filter.shape)] : [x];
  const { value, grads } = tf.engine().gradients(() => forward(engine, one, x, inputs[1]), inputs, dy);
  return [value, ...grads];
}

describe('golden values', () => {
  it.each(cases.map(one => [one.name, one] as const))('%s', async (_, one) => {
    const results = await on(wasm, engine => forwardAndGradients(engine, one));
    const expected = [one.y, one.dx, ...(one.dfilter ? [one.dfilter] : [])];
    const tolerance = one.op === 'avg_pool' ? 1e-6 : 0;
    results.forEach((result, index) => {
      expect(result.shape).toEqual(expected[index]!.shape);
      expect(deviation(result.values, expected[index]!.values)).toBeLessThanOrEqual(tolerance);
    });
  });
});
