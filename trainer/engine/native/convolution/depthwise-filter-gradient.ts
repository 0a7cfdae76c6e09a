import type { Convolution, Tensor, TensorFlow } from '../../ops.js';
import { float32, integerAttribute, type Kernels, stringAttribute } from '../kernels.js';
import { addBorder, type Shape4D } from '../placement.js';

/** Side of the filters that the kernel is good at: of 5×5 it is 10 to 30 times slower (measured on one core). */
const side = 3;

interface Piece {
  /** First tap of the piece. */
  start: number;
  /** Taps that it is the first to cover, and that see the image. */
  from: number;
  to: number;
}

/** Pieces of `side` taps that cover all those of an axis which see the image and not only its padding. */
function piecesOf(
  [size, outputs, kernel]: [size: number, outputs: number, kernel: number],
  { stride, padding }: Convolution,
): Piece[] {
  const pieces: Piece[] = [];
  const end = Math.min(kernel, padding + size);
  for (let tap = Math.max(0, padding - (outputs - 1) * stride); tap < end; ) {
    const start = Math.max(0, Math.min(tap, kernel - side));
    const to = Math.min(start + side, end);
    pieces.push({ start, from: tap, to });
    tap = to;
  }
  return pieces;
}

/**
 * The gradient of a depthwise convolution's filter, put together from those of 3×3 pieces of it. Taps that see nothing
 * but padding are 0. Not differentiable.
 *
 * x [N,H,W,C], dy [N,H',W',C] → [h,w,C,1].
 */
export function createDepthwiseFilterGradient(tf: TensorFlow, kernels: Kernels) {
  /** A slice; x itself if that is all of it. */
  const part = (x: Tensor, begin: number[], shape: number[]) =>
    tf.util.arraysEqual(x.shape, shape) ? x : tf.slice(x, begin, shape);
  const joined = (parts: Tensor[], axis: number) => (parts.length === 1 ? parts[0]! : tf.concat(parts, axis));

  function ofPiece(padded: Tensor, dy: Tensor, [row, column]: [Piece, Piece], stride: number): Tensor {
    const [batch, outputRows, outputColumns, channels] = dy.shape as unknown as Shape4D;
    const extent = (outputs: number) => (outputs - 1) * stride + side;
    const window = [batch, extent(outputRows), extent(outputColumns), channels];
    const seen = part(padded, [0, row.start, column.start, 0], window);
    const sizes = tf.tensor1d([side, side, channels, 1], 'int32');
    const attributes = [
      float32,
      integerAttribute('strides', [1, stride, stride, 1]),
      stringAttribute('padding', 'VALID'),
    ];
    const gradient = kernels.run('DepthwiseConv2dNativeBackpropFilter', attributes, [seen, sizes, dy]);
    return part(
      gradient,
      [row.from - row.start, column.from - column.start, 0, 0],
      [row.to - row.from, column.to - column.from, channels, 1],
    );
  }

  return (x: Tensor, dy: Tensor, filterShape: Shape4D, options: Convolution): Tensor => {
    const [, height, width] = x.shape as unknown as Shape4D;
    const [kernelRows, kernelColumns] = filterShape;
    const [, outputRows, outputColumns] = dy.shape as unknown as Shape4D;
    const rows = piecesOf([height, outputRows, kernelRows], options);
    const columns = piecesOf([width, outputColumns, kernelColumns], options);
    const padded = addBorder(tf, x, options.padding, 0);
    const bands = rows.map(row =>
      joined(
        columns.map(column => ofPiece(padded, dy, [row, column], options.stride)),
        1,
      ),
    );
    const seen = joined(bands, 0);
    if (tf.util.arraysEqual(seen.shape, [...filterShape])) return seen;
    const outside = (pieces: Piece[], kernel: number): [number, number] => [
      pieces[0]!.from,
      kernel - pieces.at(-1)!.to,
    ];
    return tf.pad(seen, [outside(rows, kernelRows), outside(columns, kernelColumns), [0, 0], [0, 0]]);
  };
}
