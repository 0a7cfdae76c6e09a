/** Kernels that move whole rows: TensorFlow.js's own go from value to value, up to a hundred times more slowly. */
import type { KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Heap } from '../heap.js';

const sizeOf = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);

/** Copies `sources.length` rows of `width` floats to one after the other. */
function copyRows(heap: Heap, x: TensorInfo, sources: ArrayLike<number>, width: number, y: TensorInfo): void {
  const memory = heap.allFloats();
  const from = heap.pointer(x) / 4;
  let to = heap.pointer(y) / 4;
  for (let row = 0; row < sources.length; row++, to += width) {
    const start = from + sources[row]! * width;
    memory.copyWithin(to, start, start + width);
  }
}

/** For each row of the transposed tensor, the row of x; the last axis of `shape` is a row. */
function transposedRows(shape: readonly number[], perm: readonly number[]): Int32Array {
  const axes = perm.slice(0, -1);
  const strides = axes.map(axis => sizeOf(shape.slice(axis + 1, -1)));
  const sizes = axes.map(axis => shape[axis]!);
  const rows = new Int32Array(sizeOf(sizes));
  const position = axes.map(() => 0);
  let source = 0;
  for (let row = 0; row < rows.length; row++) {
    rows[row] = source;
    for (let axis = axes.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++position[axis]! < sizes[axis]!) break;
      source -= strides[axis]! * sizes[axis]!;
      position[axis] = 0;
    }
  }
  return rows;
}

/** Transposes of float32 that leave the last axis where it is. */
export const transposeOfRows =
  (heap: Heap) =>
  (stock: KernelFunc): KernelFunc =>
  params => {
    const x = params.inputs.x as TensorInfo;
    const perm = params.attrs?.perm as number[];
    const width = x.shape.at(-1);
    if (x.dtype !== 'float32' || x.shape.length < 3 || perm.at(-1) !== perm.length - 1) return stock(params);
    const y = heap.output(perm.map(axis => x.shape[axis]!));
    copyRows(heap, x, transposedRows(x.shape, perm), width!, y);
    return y;
  };

/** Gathers of float32 along the first axis. */
export const gatherOfRows =
  (heap: Heap) =>
  (stock: KernelFunc): KernelFunc =>
  params => {
    const { x, indices } = params.inputs as { x: TensorInfo; indices: TensorInfo };
    const { axis, batchDims } = params.attrs as unknown as { axis: number; batchDims: number };
    if (x.dtype !== 'float32' || indices.dtype !== 'int32' || axis !== 0 || batchDims !== 0)
      return stock(params);
    const rows = heap.integers(heap.pointer(indices), sizeOf(indices.shape)).slice();
    const outside = rows.find(row => row < 0 || row >= x.shape[0]!);
    if (outside !== undefined) throw new Error(`gather: there is no row ${outside} in [${x.shape}]`);
    const y = heap.output([...indices.shape, ...x.shape.slice(1)]);
    copyRows(heap, x, rows, sizeOf(x.shape.slice(1)), y);
    return y;
  };
