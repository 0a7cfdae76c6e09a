/** 2-D convolution, NHWC × HWIO, and its two gradients as matrix products over padded images. */
import type { Conv2DInfo } from '@tensorflow/tfjs-core/dist/ops/conv_util.js';
import type { Heap } from './heap.js';
import { multiplyRows, multiplyTransposed, packRight } from './matrix-product.js';

/** Images with zeros around them, in scratch memory: then every patch row lies adjacent in memory. */
interface PaddedImages {
  pointer: number;
  height: number;
  width: number;
}

interface Images {
  pointer: number;
  count: number;
  height: number;
  width: number;
  channels: number;
}

interface Padding {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

function padImages(heap: Heap, images: Images, padding: Padding): PaddedImages {
  const height = images.height + padding.top + padding.bottom;
  const width = images.width + padding.left + padding.right;
  const row = images.width * images.channels;
  const paddedRow = width * images.channels;
  // Reading in place is safe unless a vector passes the end: the heap goes on behind any tensor.
  if (height === images.height && width === images.width) return { pointer: images.pointer, height, width };
  const floats = images.count * height * paddedRow;
  const pointer = heap.scratch('padded', floats);
  const target = heap.floats(pointer, floats).fill(0);
  const source = heap.floats(images.pointer, images.count * images.height * row);
  for (let image = 0; image < images.count; image++)
    for (let y = 0; y < images.height; y++) {
      const from = (image * images.height + y) * row;
      const to = (image * height + y + padding.top) * paddedRow + padding.left * images.channels;
      target.set(source.subarray(from, from + row), to);
    }
  return { pointer, height, width };
}

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

/**
 * The kernel positions along one axis that reach the input pixels of one residue modulo the stride: with the
 * pixels p = stride · q + residue (counted in the padded input), dx[p] = Σ dy[q - j · dilation] f[residue + stride · j].
 */
interface Residue {
  /** Input pixels without padding, and their q. */
  pixels: { pixel: number; q: number }[];
  kernel: number[];
}

function residues(size: number, kernel: number, stride: number, before: number): Residue[] {
  return range(stride).map(residue => ({
    pixels: range(size)
      .filter(pixel => (pixel + before) % stride === residue)
      .map(pixel => ({ pixel, q: Math.floor((pixel + before) / stride) })),
    // Descending: so that the pixels of dy that they meet ascend.
    kernel: range(kernel)
      .filter(position => position % stride === residue)
      .reverse(),
  }));
}

/** dx [N,H,W,I] from dy [N,H',W',O] and filter [h,w,I,O]: a plain convolution for each residue of the stride. */
export function inputGradient(heap: Heap, dy: number, filter: number, dx: number, info: Conv2DInfo): void {
  const { strideHeight, strideWidth, padInfo, outChannels, inChannels, dilationWidth, dilationHeight } = info;
  const rows = residues(info.inHeight, info.filterHeight, strideHeight, padInfo.top);
  const columns = residues(info.inWidth, info.filterWidth, strideWidth, padInfo.left);
  const reach = (all: Residue[], dilation: number) =>
    (Math.max(...all.map(({ kernel }) => kernel.length)) - 1) * dilation;
  const last = (size: number, before: number, stride: number) => Math.floor((size - 1 + before) / stride);
  const top = reach(rows, dilationHeight);
  const left = reach(columns, dilationWidth);
  const padded = padImages(
    heap,
    {
      pointer: dy,
      count: info.batchSize,
      height: info.outHeight,
      width: info.outWidth,
      channels: outChannels,
    },
    {
      top,
      bottom: Math.max(0, last(info.inHeight, padInfo.top, strideHeight) - info.outHeight + 1),
      left,
      right: Math.max(0, last(info.inWidth, padInfo.left, strideWidth) - info.outWidth + 1),
    },
  );
  const merged = dilationWidth === 1;
  heap.floats(dx, info.batchSize * info.inHeight * info.inWidth * inChannels).fill(0);
  for (const row of rows)
    for (const column of columns) {
      if (row.kernel.length === 0 || column.kernel.length === 0) continue;
      const starts: number[] = [];
      const targets: number[] = [];
      for (let image = 0; image < info.batchSize; image++)
        for (const y of row.pixels)
          for (const x of column.pixels) {
            const firstRow = y.q - (row.kernel.length - 1) * dilationHeight + top;
            const firstColumn = x.q - (column.kernel.length - 1) * dilationWidth + left;
            starts.push(((image * padded.height + firstRow) * padded.width + firstColumn) * outChannels);
            targets.push(((image * info.inHeight + y.pixel) * info.inWidth + x.pixel) * inChannels);
          }
      const panels = packRight(heap, {
        pointer:
          filter + (row.kernel[0]! * info.filterWidth + column.kernel[0]!) * inChannels * outChannels * 4,
        depth: [
          { count: row.kernel.length, stride: -strideHeight * info.filterWidth * inChannels * outChannels },
          { count: column.kernel.length, stride: -strideWidth * inChannels * outChannels },
          { count: outChannels, stride: 1 },
        ],
        columns: inChannels,
        columnStride: outChannels,
      });
      const taps = range(row.kernel.length).flatMap(y =>
        range(merged ? 1 : column.kernel.length).map(
          x => (y * dilationHeight * padded.width + x * dilationWidth) * outChannels,
        ),
      );
      multiplyRows(
        heap,
        {
          pointer: padded.pointer,
          starts,
          taps,
          depth: (merged ? column.kernel.length : 1) * outChannels,
        },
        panels,
        inChannels,
        { pointer: dx, starts: targets },
      );
    }
}
