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
 * The kernel positions along one axis that reach the input pixels of one residue modulo the stride. With pixels
 * p = stride · q + residue, counted in the padded input: dx[p] = Σ dy[q - back] · filter[position].
 */
interface Residue {
  pixels: { pixel: number; q: number }[];
  /** The furthest back first, so that the pixels of dy that they meet ascend; evenly spaced. */
  taps: { position: number; back: number }[];
}

interface Axis {
  size: number;
  kernel: number;
  stride: number;
  dilation: number;
  before: number;
}

function residuesOf({ size, kernel, stride, dilation, before }: Axis): Residue[] {
  return range(stride).map(residue => ({
    pixels: range(size)
      .filter(pixel => (pixel + before) % stride === residue)
      .map(pixel => ({ pixel, q: Math.floor((pixel + before) / stride) })),
    taps: range(kernel)
      .filter(position => (position * dilation) % stride === residue)
      .map(position => ({ position, back: Math.floor((position * dilation) / stride) }))
      .reverse(),
  }));
}

/** Zeros around dy so that every tap of every input pixel meets something. */
function reach({ size, stride, before }: Axis, residues: Residue[], outSize: number) {
  const last = Math.floor((size - 1 + before) / stride);
  return {
    before: Math.max(...residues.map(({ taps }) => taps[0]?.back ?? 0)),
    after: Math.max(0, last - outSize + 1),
  };
}

const spacing = (values: number[]) => (values.length > 1 ? values[0]! - values[1]! : 1);

/** dx [N,H,W,I] from dy [N,H',W',O] and filter [h,w,I,O]: a plain convolution for each residue of the stride. */
export function inputGradient(heap: Heap, dy: number, filter: number, dx: number, info: Conv2DInfo): void {
  const { padInfo, outChannels, inChannels, batchSize } = info;
  const rowAxis = {
    size: info.inHeight,
    kernel: info.filterHeight,
    stride: info.strideHeight,
    dilation: info.dilationHeight,
    before: padInfo.top,
  };
  const columnAxis = {
    size: info.inWidth,
    kernel: info.filterWidth,
    stride: info.strideWidth,
    dilation: info.dilationWidth,
    before: padInfo.left,
  };
  const rowResidues = residuesOf(rowAxis);
  const columnResidues = residuesOf(columnAxis);
  const vertical = reach(rowAxis, rowResidues, info.outHeight);
  const horizontal = reach(columnAxis, columnResidues, info.outWidth);
  const padded = padImages(
    heap,
    { pointer: dy, count: batchSize, height: info.outHeight, width: info.outWidth, channels: outChannels },
    { top: vertical.before, bottom: vertical.after, left: horizontal.before, right: horizontal.after },
  );
  heap.floats(dx, batchSize * info.inHeight * info.inWidth * inChannels).fill(0);
  for (const rows of rowResidues)
    for (const columns of columnResidues) {
      const [firstRow, firstColumn] = [rows.taps[0], columns.taps[0]];
      if (!firstRow || !firstColumn) continue;
      const starts: number[] = [];
      const targets: number[] = [];
      for (let image = 0; image < batchSize; image++)
        for (const y of rows.pixels)
          for (const x of columns.pixels) {
            const row = image * padded.height + y.q - firstRow.back + vertical.before;
            starts.push((row * padded.width + x.q - firstColumn.back + horizontal.before) * outChannels);
            targets.push(((image * info.inHeight + y.pixel) * info.inWidth + x.pixel) * inChannels);
          }
      const positionFloats = inChannels * outChannels;
      const rowStep = spacing(rows.taps.map(tap => tap.position)) * info.filterWidth * positionFloats;
      const columnStep = spacing(columns.taps.map(tap => tap.position)) * positionFloats;
      const first = (firstRow.position * info.filterWidth + firstColumn.position) * positionFloats;
      const panels = packRight(heap, {
        pointer: filter + first * 4,
        depth: [
          { count: rows.taps.length, stride: -rowStep },
          { count: columns.taps.length, stride: -columnStep },
          { count: outChannels, stride: 1 },
        ],
        columns: inChannels,
        columnStride: outChannels,
      });
      const adjacent = spacing(columns.taps.map(tap => tap.back)) === 1;
      const taps = rows.taps.flatMap(row =>
        (adjacent ? [firstColumn] : columns.taps).map(
          column =>
            ((firstRow.back - row.back) * padded.width + firstColumn.back - column.back) * outChannels,
        ),
      );
      const depth = (adjacent ? columns.taps.length : 1) * outChannels;
      const left = { pointer: padded.pointer, starts, taps, depth };
      multiplyRows(heap, left, panels, inChannels, { pointer: dx, starts: targets });
    }
}
