/** Products over the heap, made of the routines: blocked so that operands stay in the caches. */
import type { Heap } from './heap.js';
import { panelColumns, tileRows } from './routines/matrix-routines.js';

/** Floats of a block that should stay in a core's second-level cache (256 KiB). */
const blockFloats = 65_536;
const roundUp = (value: number, multiple: number) => Math.ceil(value / multiple) * multiple;

/** A right operand [depth, columns] anywhere in memory; strides in floats. */
export interface RightOperand {
  pointer: number;
  /** Depth as nested loops, outermost first: count and stride of each. */
  depth: readonly { count: number; stride: number }[];
  columns: number;
  columnStride: number;
}

/** Packs a right operand into zero-filled panels `[panel][depth][8]`; returns their pointer. */
export function packRight(heap: Heap, { pointer, depth, columns, columnStride }: RightOperand): number {
  const total = depth.reduce((product, { count }) => product * count, 1);
  const panels = Math.ceil(columns / panelColumns);
  const target = heap.scratch('panels', panels * total * panelColumns);
  const inner = depth.at(-1)!;
  const segments = offsets(depth.slice(0, -1));
  for (let panel = 0; panel < panels; panel++) {
    const first = panel * panelColumns;
    const width = Math.min(panelColumns, columns - first);
    const start = target + panel * total * panelColumns * 4;
    if (width < panelColumns) heap.floats(start, total * panelColumns).fill(0);
    segments.forEach((segment, index) => {
      const from = pointer + 4 * (segment + first * columnStride);
      const to = start + index * inner.count * panelColumns * 4;
      const end = to + inner.count * panelColumns * 4;
      if (columnStride === 1 && width === panelColumns)
        heap.call.packColumns(from, to, end, inner.stride * 4);
      else
        for (let column = 0; column < width; column++)
          heap.call.packStridedColumn(from + 4 * column * columnStride, to + 4 * column, end, inner.stride * 4);
    });
  }
  return target;
}

/** Start of each innermost loop, in floats. */
function offsets(loops: RightOperand['depth']): number[] {
  return loops.reduce<number[]>(
    (starts, { count, stride }) =>
      starts.flatMap(start => Array.from({ length: count }, (_, index) => start + index * stride)),
    [0],
  );
}

/** Rows of a left operand, read in place: starts are floats from `pointer`. */
export interface LeftRows {
  pointer: number;
  starts: ArrayLike<number>;
  /** Added to each start: one tap each. */
  taps: readonly number[];
  /** Adjacent floats of a tap. */
  depth: number;
  /** Memory that a row adds to a block, in floats: chooses the block's size. */
  rowFloats: number;
}

/**
 * y[row] = Σ taps Σ depth left[row] · right. `panels` come from packRight with the depth `taps × depth`;
 * `yStarts`: the start of each result row, in floats from `y`.
 */
export function multiplyRows(
  heap: Heap,
  left: LeftRows,
  panels: number,
  columns: number,
  y: number,
  yStarts: ArrayLike<number>,
): void {
  const { pointer, starts, taps, depth, rowFloats } = left;
  const rows = starts.length;
  if (rows === 0 || columns === 0) return;
  // A tail of fewer columns than a panel's goes through padded rows of its own.
  const whole = Math.floor(columns / panelColumns) * panelColumns;
  const padded = roundUp(rows, tileRows);
  const tail = whole < columns ? heap.scratch('tail', padded * panelColumns) : 0;
  const tables = heap.scratch('tables', 3 * padded + taps.length);
  const table = (index: number) => tables + index * padded * 4;
  const bytes = heap.integers(tables, 3 * padded + taps.length);
  for (let row = 0; row < padded; row++) {
    // The last tile repeats the last row, with the same result.
    const source = Math.min(row, rows - 1);
    bytes[row] = starts[source]! * 4;
    bytes[padded + row] = yStarts[source]! * 4;
    bytes[2 * padded + row] = row * panelColumns * 4;
  }
  bytes.set(
    taps.map(tap => tap * 4),
    3 * padded,
  );
  const tapsEnd = table(3) + taps.length * 4;
  const panelBytes = taps.length * depth * panelColumns * 4;
  const block = Math.max(32, roundUp(Math.floor(blockFloats / 2 / rowFloats), tileRows));
  for (let from = 0; from < padded; from += block) {
    const end = table(0) + Math.min(padded, from + block) * 4;
    for (let column = 0; column < columns; column += panelColumns) {
      const panel = panels + (column / panelColumns) * panelBytes;
      const [target, targets] = column < whole ? [y + column * 4, table(1)] : [tail, table(2)];
      heap.call.multiplyRows(
        pointer,
        table(0) + from * 4,
        target,
        targets + from * 4,
        end,
        panel,
        table(3),
        tapsEnd,
        depth * 4,
      );
    }
  }
  if (tail > 0) {
    const results = heap.floats(tail, padded * panelColumns);
    const width = columns - whole;
    for (let row = 0; row < rows; row++)
      heap.floats(y + (yStarts[row]! + whole) * 4, width).set(results.subarray(row * panelColumns, row * panelColumns + width));
  }
}

/**
 * y[tap, d, column] = Σ over rows of left[row, tap, d] · right[row, column]; y [taps × depth, columns] is dense,
 * `right` [rows, columns].
 */
export function multiplyTransposed(
  heap: Heap,
  left: LeftRows,
  right: { pointer: number; columns: number; rowStride: number; columnStride: number },
  y: number,
): void {
  const { columns } = right;
  const rows = left.starts.length;
  const paddedDepth = roundUp(left.depth, tileRows);
  const paddedColumns = roundUp(columns, panelColumns);
  const dense = paddedDepth === left.depth && paddedColumns === columns;
  const size = left.taps.length * paddedDepth * paddedColumns;
  const target = dense ? y : heap.scratch('sums', size);
  heap.floats(target, size).fill(0);
  const chunk = Math.min(512, Math.max(64, Math.floor(blockFloats / paddedColumns)));
  const table = heap.scratch('tables', rows);
  heap.integers(table, rows).set(Array.from(left.starts, start => start * 4));
  const packed = heap.scratch('packedLeft', chunk * tileRows);
  for (let from = 0; from < rows; from += chunk) {
    const count = Math.min(chunk, rows - from);
    const panels = packRight(heap, {
      pointer: right.pointer + from * right.rowStride * 4,
      depth: [{ count, stride: right.rowStride }],
      columns,
      columnStride: right.columnStride,
    });
    left.taps.forEach((tap, index) => {
      for (let d = 0; d < paddedDepth; d += tileRows) {
        const offsetsFrom = table + from * 4;
        heap.call.packOffsetColumns(left.pointer + (tap + d) * 4, packed, offsetsFrom, offsetsFrom + count * 4);
        const first = target + (index * paddedDepth + d) * paddedColumns * 4;
        const end = first + paddedColumns * 4;
        heap.call.multiplyPacked(packed, packed + count * tileRows * 4, panels, first, end, paddedColumns * 4);
      }
    });
  }
  if (dense) return;
  const sums = heap.floats(target, size);
  const results = heap.floats(y, left.taps.length * left.depth * columns);
  for (let tap = 0; tap < left.taps.length; tap++)
    for (let d = 0; d < left.depth; d++) {
      const from = (tap * paddedDepth + d) * paddedColumns;
      results.set(sums.subarray(from, from + columns), (tap * left.depth + d) * columns);
    }
}
