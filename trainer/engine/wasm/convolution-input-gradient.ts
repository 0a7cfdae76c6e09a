/** Gradient of a 2-D convolution with respect to its input: stride-1 convolutions of the padded output gradient. */
import type { Conv2DInfo } from '@tensorflow/tfjs-core/dist/ops/conv_util.js';
import type { Heap } from './heap.js';
import { multiplyRows, packRight } from './matrix-product.js';
import { padImages } from './padded-images.js';

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

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
      const pixels = batchSize * rows.pixels.length * columns.pixels.length;
      const starts = new Int32Array(pixels);
      const targets = new Int32Array(pixels);
      let index = 0;
      for (let image = 0; image < batchSize; image++)
        for (const y of rows.pixels)
          for (const x of columns.pixels) {
            const row = image * padded.height + y.q - firstRow.back + vertical.before;
            starts[index] = (row * padded.width + x.q - firstColumn.back + horizontal.before) * outChannels;
            targets[index++] = ((image * info.inHeight + y.pixel) * info.inWidth + x.pixel) * inChannels;
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
