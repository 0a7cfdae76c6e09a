import type { KernelBackend, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap.js';
import { multiplyRows, multiplyTransposed, packRight } from '../matrix-product.js';
import type { Kernel } from './kernel.js';

interface Product {
  /** Sizes of op(a) [rows, depth] and op(b) [depth, columns]. */
  rows: number;
  depth: number;
  columns: number;
  transposeA: boolean;
  transposeB: boolean;
}

/** y [rows, columns] = op(a) op(b), all dense, given as pointers. */
function multiply(heap: Heap, a: number, b: number, y: number, product: Product): void {
  const { rows, depth, columns, transposeA, transposeB } = product;
  const [depthStride, columnStride] = transposeB ? [1, depth] : [columns, 1];
  if (transposeA) {
    const left = {
      pointer: a,
      starts: Array.from({ length: depth }, (_, index) => index * rows),
      taps: [0],
      depth: rows,
    };
    multiplyTransposed(heap, left, { pointer: b, columns, rowStride: depthStride, columnStride }, y);
    return;
  }
  const panels = packRight(heap, {
    pointer: b,
    depth: [{ count: depth, stride: depthStride }],
    columns,
    columnStride,
  });
  const starts = (stride: number) => Array.from({ length: rows }, (_, row) => row * stride);
  const left = { pointer: a, starts: starts(depth), taps: [0], depth };
  heap.floats(y, rows * columns).fill(0);
  multiplyRows(heap, left, panels, columns, { pointer: y, starts: starts(columns) });
}

/** [..., rows, depth] · [..., depth, columns], batch axes broadcast, each matrix transposed if asked for. */
const batchMatMul: Kernel = (heap, inputs, attributes, tf) => {
  const { a, b } = inputs as Record<'a' | 'b', (typeof inputs)[string]>;
  const transposeA = Boolean(attributes.transposeA);
  const transposeB = Boolean(attributes.transposeB);
  const [rows, depth] = transposeA ? [a.shape.at(-1)!, a.shape.at(-2)!] : [a.shape.at(-2)!, a.shape.at(-1)!];
  const [depthB, columns] = transposeB
    ? [b.shape.at(-1)!, b.shape.at(-2)!]
    : [b.shape.at(-2)!, b.shape.at(-1)!];
  if (depth !== depthB)
    throw new Error(`matMul: inner sizes ${depth} and ${depthB} of [${a.shape}] and [${b.shape}] differ`);
  const batches = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const y = heap.output([...batches, rows, columns]);
  const batchOf = (shape: number[]) => matrixIndex(shape.slice(0, -2), batches);
  const [batchA, batchB] = [batchOf(a.shape), batchOf(b.shape)];
  const product = { rows, depth, columns, transposeA, transposeB };
  const count = tf.util.sizeFromShape(batches);
  for (let index = 0; index < count; index++)
    multiply(
      heap,
      heap.pointer(a) + batchA(index) * rows * depth * 4,
      heap.pointer(b) + batchB(index) * depth * columns * 4,
      heap.pointer(y) + index * rows * columns * 4,
      product,
    );
  return y;
};

/** Index of an operand's matrix for a matrix of the result, where batch axes of size 1 are broadcast. */
function matrixIndex(shape: number[], batches: number[]): (index: number) => number {
  const axes = batches.map((size, axis) => ({
    size,
    own: shape[axis - (batches.length - shape.length)] ?? 1,
  }));
  return index => {
    let rest = index;
    let result = 0;
    let stride = 1;
    for (const { size, own } of axes.toReversed()) {
      if (own > 1) result += (rest % size) * stride;
      rest = Math.floor(rest / size);
      stride *= own;
    }
    return result;
  };
}

/** Adapts TensorFlow.js's fused kernel, fast only without transposed arguments: those are transposed before it. */
export function withoutTransposes(stock: KernelFunc, transpose: KernelFunc): KernelFunc {
  return params => {
    const { inputs, attrs, backend } = params;
    const disposable: TensorInfo[] = [];
    const plain = (name: 'a' | 'b', transposed: unknown): TensorInfo => {
      const x = inputs[name] as TensorInfo;
      if (!transposed) return x;
      const axes = x.shape.map((_, axis) => axis);
      const perm = [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];
      const result = transpose({ inputs: { x }, backend, attrs: { perm } }) as TensorInfo;
      disposable.push(result);
      return result;
    };
    const a = plain('a', attrs?.transposeA);
    const b = plain('b', attrs?.transposeB);
    const untransposed = { ...attrs, transposeA: false, transposeB: false };
    const y = stock({ inputs: { ...inputs, a, b }, backend, attrs: untransposed });
    for (const tensor of disposable) (backend as KernelBackend).disposeData(tensor.dataId);
    return y;
  };
}

export const matrixKernels = { BatchMatMul: batchMatMul } satisfies Record<string, Kernel>;
