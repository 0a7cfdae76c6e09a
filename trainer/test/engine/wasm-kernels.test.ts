import type { Tensor2D } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';
import type { Heap } from '../../engine/wasm/heap.js';
import { batchNormKernels } from '../../engine/wasm/kernels/batch-norm-kernels.js';
import type { Kernel } from '../../engine/wasm/kernels/kernel.js';
import { cpu, deviation, on, wasm } from './backends.js';
import { tensor } from './engine-tensors.js';

/** Results of both engines agree to float32's rounding over sums of this length. */
async function expectAlike(compute: (engine: Engine) => Tensor[], tolerance = 2e-5) {
  const actual = await on(wasm, compute);
  const expected = await on(cpu, compute);
  expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
  actual.forEach(({ values }, index) => {
    expect(values.some(value => value !== 0)).toBe(true);
    expect(deviation(values, expected[index]!.values), `result ${index}`).toBeLessThan(tolerance);
  });
}

/** Value and gradients of f at tensors of these shapes, for a random output gradient. */
function gradients(engine: Engine, shapes: number[][], f: (...inputs: Tensor[]) => Tensor): Tensor[] {
  const inputs = shapes.map((shape, index) => tensor(engine, shape, index + 1));
  const outputShape = engine.tf.tidy(() => f(...inputs).shape);
  const { value, grads } = engine.tf
    .engine()
    .gradients(() => f(...inputs), inputs, tensor(engine, outputShape, 99));
  return [value, ...grads];
}

describe('conv2d', () => {
  // [image, kernel, input, output, stride, padding]: tails of tiles and panels, parts of the depth, more taps than map.
  it.each([
    [7, 3, 5, 9, 1, 1],
    [7, 3, 5, 9, 2, 1],
    [9, 1, 6, 13, 2, 0],
    [2, 3, 8, 16, 1, 1],
    [11, 7, 3, 8, 2, 3],
    [8, 4, 3, 7, 4, 0],
    [5, 2, 3, 4, 3, 0],
    [2, 3, 67, 160, 1, 1],
    [1, 1, 900, 80, 1, 0],
  ])(
    'image %i, kernel %i, %i → %i channels, stride %i, padding %i',
    async (image, kernel, input, output, stride, padding) => {
      const shapes = [
        [2, image, image, input],
        [kernel, kernel, input, output],
      ];
      await expectAlike(engine =>
        gradients(engine, shapes, (x, filter) => engine.ops.conv2d(x, filter, { stride, padding })),
      );
    },
  );
});

describe('matMul', () => {
  const sizes = [
    [1, 1, 1],
    [3, 5, 7],
    [64, 70, 24],
    [5, 600, 200],
  ];
  for (const [rows, depth, columns] of sizes as [number, number, number][])
    for (const transposeA of [false, true])
      for (const transposeB of [false, true])
        it(`${rows} × ${depth} × ${columns}, transposed: ${transposeA}, ${transposeB}`, async () => {
          const shapes = [
            transposeA ? [depth, rows] : [rows, depth],
            transposeB ? [columns, depth] : [depth, columns],
          ];
          await expectAlike(engine =>
            gradients(engine, shapes, (a, b) => engine.tf.matMul(a, b, transposeA, transposeB)),
          );
        });

  it.each([false, true])('fused with bias and ReLU, transposed: %s', async transposed => {
    await expectAlike(engine => [
      engine.tf.fused.matMul({
        a: tensor(engine, transposed ? [5, 3] : [3, 5], 1) as Tensor2D,
        b: tensor(engine, transposed ? [4, 5] : [5, 4], 2) as Tensor2D,
        transposeA: transposed,
        transposeB: transposed,
        bias: tensor(engine, [4], 3),
        activation: 'relu',
      }),
    ]);
  });

  it('broadcasts batches', async () => {
    await expectAlike(engine => {
      const [a, b] = [tensor(engine, [2, 1, 3, 4], 1), tensor(engine, [5, 4, 6], 2)];
      // The JavaScript backend wants the matrices side by side.
      const repeat = engine === cpu;
      return [
        engine.tf.matMul(
          repeat ? engine.tf.tile(a, [1, 5, 1, 1]) : a,
          repeat ? engine.tf.tile(engine.tf.expandDims(b, 0), [2, 1, 1, 1]) : b,
        ),
      ];
    });
  });
});

describe.each([3, 8, 18])('on %i channels', channels => {
  const images = [3, 6, 5, channels];
  const vectors = [[channels], [channels], [channels], [channels]];

  it.each([false, true])('batch norm, relu %s', async relu => {
    await expectAlike(engine => {
      const { tf, ops } = engine;
      const running = [tf.zeros([channels]), tf.ones([channels])] as [Tensor, Tensor];
      const reported: Tensor[] = [];
      const results = gradients(engine, [images, ...vectors.slice(0, 2)], (x, scale, offset) =>
        ops.batchNorm(
          x,
          { scale, offset, runningMean: running[0], runningVariance: running[1] },
          {
            training: true,
            relu,
            onRunning: (...tensors) => {
              if (reported.length > 0) for (const extra of tensors) extra.dispose();
              else reported.push(...tensors);
            },
          },
        ),
      );
      return [...results, ...reported];
    });
  });

  it.each([false, true])('batch norm with running statistics, relu %s', async relu => {
    await expectAlike(engine => {
      const [x, scale, offset, mean] = [images, ...vectors].map((shape, i) => tensor(engine, shape, i + 7));
      const variance = engine.tf.add(tensor(engine, [channels], 20), 1.5);
      const tensors = { scale: scale!, offset: offset!, runningMean: mean!, runningVariance: variance };
      return [engine.ops.batchNorm(x!, tensors, { training: false, relu })];
    });
  });

  it('relu and addRelu', async () => {
    await expectAlike(engine => [
      ...gradients(engine, [images], x => engine.ops.relu(x)),
      ...gradients(engine, [images, images], (x, y) => engine.ops.addRelu(x, y)),
    ]);
  });

  it('pooling', async () => {
    await expectAlike(engine => [
      ...gradients(engine, [images], x => engine.ops.maxPool(x, { size: 3, stride: 2, padding: 1 })),
      ...gradients(engine, [images], x => engine.ops.adaptiveMaxPool(x, 4)),
      ...gradients(engine, [images], x => engine.ops.globalAveragePool(x)),
    ]);
  });

  it('depthwise convolution', async () => {
    for (const [multiplier, stride] of [
      [1, 1],
      [1, 2],
      [2, 1],
    ] as const)
      await expectAlike(engine =>
        gradients(engine, [images, [3, 3, channels, multiplier]], (x, filter) =>
          engine.tf.depthwiseConv2d(x as never, filter as never, stride, 'same'),
        ),
      );
  });

  it('unsortedSegmentSum', async () => {
    await expectAlike(({ tf, ...engine }) => [
      tf.unsortedSegmentSum(
        tensor({ tf, ...engine }, [5, channels], 3),
        tf.tensor1d([2, 0, -1, 2, 3], 'int32'),
        4,
      ),
    ]);
  });
});

it('linear and cross-entropy', async () => {
  await expectAlike(engine => {
    const { tf, ops } = engine;
    return gradients(engine, [[6, 20], [10, 20], [10]], (x, weight, bias) => {
      const targets = tf.softmax(tensor(engine, [6, 10], 5));
      return ops.softmaxCrossEntropy(ops.linear(x, weight, bias), targets);
    });
  });
});

it('an equal maximum counts once, the first in row-major order', async () => {
  for (const engine of [wasm, cpu]) {
    const [dx] = await on(engine, ({ tf, ops }) => {
      const x = tf.ones([1, 3, 3, 1]);
      return tf.engine().gradients(() => ops.adaptiveMaxPool(x, 1), [x], tf.fill([1, 1, 1, 1], 5)).grads;
    });
    expect(dx!.values).toEqual([5, 0, 0, 0, 0, 0, 0, 0, 0]);
  }
});

it('max pooling hands NaN on', async () => {
  const [y] = await on(wasm, ({ tf, ops }) => [
    ops.maxPool(tf.tensor4d([1, Number.NaN, 2, 3], [1, 2, 2, 1]), { size: 2, stride: 2, padding: 0 }),
  ]);
  expect(y!.values).toEqual([Number.NaN]);
});

it('batch norm reads nothing from before the heap grew', () => {
  // Floats of a heap that moves with every scratch allocation, as one that grows does: all views of it end.
  let memory = new ArrayBuffer(4096);
  let next = 1024;
  const allocate = () => {
    next += 64;
    return next;
  };
  const heap = {
    call: new Proxy({}, { get: () => () => {} }),
    pointer: ({ dataId }: { dataId: { at: number } }) => dataId.at,
    output: (shape: number[]) => ({ shape, dtype: 'float32', dataId: { at: allocate() } }),
    scratch: () => {
      memory = structuredClone(memory, { transfer: [memory] });
      return allocate();
    },
    floats: (pointer: number, length: number) => new Float32Array(memory, pointer, length),
  } as unknown as Heap;
  const vector = (value: number) => {
    const tensor = heap.output([2]);
    heap.floats(heap.pointer(tensor), 2).fill(value);
    return tensor;
  };
  const inputs = {
    ...{ x: heap.output([1, 2, 2, 2]), dy: heap.output([1, 2, 2, 2]) },
    ...{ mean: vector(3), variance: vector(4), scale: vector(8), offset: vector(1) },
  };
  const written = (kernel: Kernel) => {
    const start = allocate();
    kernel(heap, inputs, { epsilon: 0, relu: false }, undefined as never);
    return [...new Float32Array(memory, start, (next + 64 - start) / 4)].filter(value => value !== 0);
  };
  // factor = 8 / 2, shift = 1 - 3 · 4, for two channels.
  expect(written(batchNormKernels.BatchNormInference)).toEqual([4, 4, -11, -11]);
  expect(written(batchNormKernels.BatchNormTrainingGradient).every(Number.isFinite)).toBe(true);
  expect(written(batchNormKernels.BatchNormTrainingGradient).slice(0, 4)).toEqual([4, 4, -11, -11]);
});

describe('rows', () => {
  it.each([
    [
      [2, 3, 4, 5, 6],
      [2, 0, 3, 1, 4],
    ],
    [
      [3, 4, 5],
      [1, 0, 2],
    ],
    [
      [2, 3, 4, 5],
      [0, 2, 1, 3],
    ],
    [
      [2, 3, 4],
      [2, 0, 1],
    ],
    [
      [3, 5],
      [1, 0],
    ],
  ])('of %j are transposed by %j, and back for the gradient', (shape, perm) =>
    expectAlike(engine => gradients(engine, [shape], x => engine.tf.transpose(x, perm)), 1e-9),
  );

  it('are gathered, also more than once; gradients add up', () =>
    expectAlike(
      engine =>
        gradients(engine, [[5, 3, 2]], x =>
          engine.tf.gather(x, engine.tf.tensor1d([4, 0, 4, 2, 1, 4], 'int32')),
        ),
      1e-6,
    ));

  it('that are not there are an error', async () => {
    await wasm.tf.setBackend('wasm');
    const gather = () =>
      wasm.tf.tidy(() => wasm.tf.gather(wasm.tf.ones([2, 3]), wasm.tf.tensor1d([2], 'int32')));
    expect(gather).toThrow('gather: there is no row 2 in [2,3]');
  });
});
