/** 2-D convolution, NHWC × HWIO, and its filter's gradient as matrix products over padded images. */
import type { Conv2DInfo } from '@tensorflow/tfjs-core/dist/ops/conv_util.js';
import type { Heap } from './heap.js';
import { multiplyRows, multiplyTransposed, packRight } from './matrix-product.js';
import { type PaddedImages, padImages } from './padded-images.js';

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Start of the patch of every output pixel in padded images. */
function patchStarts(info: Conv2DInfo, padded: PaddedImages): Int32Array {
  const starts = new Int32Array(info.batchSize * info.outHeight * info.outWidth);
  let index = 0;
  for (let image = 0; image < info.batchSize; image++)
    for (let y = 0; y < info.outHeight; y++)
      for (let x = 0; x < info.outWidth; x++)
        starts[index++] =
          ((image * padded.height + y * info.strideHeight) * padded.width + x * info.strideWidth) *
          info.inChannels;
  return starts;
}

/** Patches of x as left operand: a tap is a kernel row, or a kernel position if those are dilated. */
function patches(heap: Heap, x: number, info: Conv2DInfo) {
  const images = {
    pointer: x,
    count: info.batchSize,
    height: info.inHeight,
    width: info.inWidth,
    channels: info.inChannels,
  };
  const padded = padImages(heap, images, info.padInfo);
  const merged = info.dilationWidth === 1;
  const taps = range(info.filterHeight).flatMap(row =>
    range(merged ? 1 : info.filterWidth).map(
      column => (row * info.dilationHeight * padded.width + column * info.dilationWidth) * info.inChannels,
    ),
  );
  return {
    pointer: padded.pointer,
    starts: patchStarts(info, padded),
    taps,
    depth: merged ? info.filterWidth * info.inChannels : info.inChannels,
  };
}

/** y [N,H',W',O] = x [N,H,W,I] * filter [h,w,I,O]; all pointers. */
export function convolve(heap: Heap, x: number, filter: number, y: number, info: Conv2DInfo): void {
  const columns = info.outChannels;
  const left = patches(heap, x, info);
  const depth = info.filterHeight * info.filterWidth * info.inChannels;
  const panels = packRight(heap, {
    pointer: filter,
    depth: [{ count: depth, stride: columns }],
    columns,
    columnStride: 1,
  });
  heap.floats(y, left.starts.length * columns).fill(0);
  multiplyRows(heap, left, panels, columns, {
    pointer: y,
    starts: left.starts.map((_, row) => row * columns),
  });
}

/** dFilter [h,w,I,O] from x [N,H,W,I] and dy [N,H',W',O]. */
export function filterGradient(heap: Heap, x: number, dy: number, dFilter: number, info: Conv2DInfo): void {
  const columns = info.outChannels;
  multiplyTransposed(
    heap,
    patches(heap, x, info),
    { pointer: dy, columns, rowStride: columns, columnStride: 1 },
    dFilter,
  );
}
