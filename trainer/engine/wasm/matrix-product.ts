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
          heap.call.packStridedColumn(
            from + 4 * column * columnStride,
            to + 4 * column,
            end,
            inner.stride * 4,
          );
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
}

/** Room for the results of tiles: rows and columns rounded up. */
interface Target {
  pointer: number;
  /** Start of each row, in floats from `pointer`. */
  starts: ArrayLike<number>;
}

/**
 * y[row] += Σ taps Σ depth left[row] · right. `panels` come from packRight with the depth `taps × depth`.
 * `y` is zero-filled, or holds sums to add to.
 */
export function multiplyRows(heap: Heap, left: LeftRows, panels: number, columns: number, y: Target): void {
  const rows = left.starts.length;
  if (rows === 0 || columns === 0) return;
  const paddedRows = roundUp(rows, tileRows);
  const paddedColumns = roundUp(columns, panelColumns);
  const whole = paddedColumns === columns;
  const sums = whole ? y.pointer : heap.scratch('sums', paddedRows * paddedColumns);
  const starts = whole ? y.starts : Int32Array.from({ length: rows }, (_, row) => row * paddedColumns);
  if (!whole) heap.floats(sums, rows * paddedColumns).fill(0);
  const tables = rowTables(heap, left, paddedRows, { pointer: sums, starts }, paddedColumns);
  const { depth, taps } = left;
  const totalDepth = taps.length * depth;
  for (const part of depthParts(taps, depth, Math.max(64, Math.floor(blockFloats / paddedColumns)))) {
    const packed = heap.scratch('packedLeft', (part.taps.length * part.depth + 4) * tileRows);
    const tapTable = heap.scratch('taps', part.taps.length);
    heap.integers(tapTable, part.taps.length).set(part.taps.map(tap => tap * 4));
    const partDepth = part.taps.length * part.depth;
    heap.call.multiplyRows(
      left.pointer,
      tables.left,
      tables.left + paddedRows * 4,
      sums,
      tables.y,
      paddedColumns * 4,
      panels + part.start * panelColumns * 4,
      (totalDepth - partDepth) * panelColumns * 4,
      tapTable,
      tapTable + part.taps.length * 4,
      part.depth * 4,
      packed,
    );
  }
  if (!whole) addColumns(heap, sums, paddedColumns, columns, y);
}

/** Byte offsets of the rows of both sides; those that fill up the last tile lead to a row that nobody reads. */
function rowTables(heap: Heap, left: LeftRows, paddedRows: number, y: Target, paddedColumns: number) {
  const rows = left.starts.length;
  const pointer = heap.scratch('tables', 2 * paddedRows);
  const nowhere = heap.scratch('nowhere', paddedColumns) - y.pointer;
  const offsets = heap.integers(pointer, 2 * paddedRows);
  for (let row = 0; row < paddedRows; row++) {
    offsets[row] = left.starts[Math.min(row, rows - 1)]! * 4;
    offsets[paddedRows + row] = row < rows ? y.starts[row]! * 4 : nowhere;
  }
  return { left: pointer, y: pointer + paddedRows * 4 };
}

/** Cuts a depth into parts whose share of the right operand stays in the cache: some taps, or a part of one. */
function* depthParts(taps: readonly number[], depth: number, limit: number) {
  const together = Math.max(1, Math.floor(limit / depth));
  const pieces = Math.ceil(depth / limit);
  const piece = roundUp(Math.ceil(depth / pieces), 4);
  for (let tap = 0; tap < taps.length; tap += together)
    for (let from = 0; from < depth; from += piece)
      yield {
        taps: taps.slice(tap, tap + together).map(start => start + from),
        depth: Math.min(piece, depth - from),
        /** Rows of the right operand before this part. */
        start: tap * depth + from,
      };
}

/** y += the first columns of padded sums. */
function addColumns(heap: Heap, sums: number, paddedColumns: number, columns: number, y: Target): void {
  const memory = heap.allFloats();
  for (let row = 0; row < y.starts.length; row++) {
    const source = sums / 4 + row * paddedColumns;
    const target = y.pointer / 4 + y.starts[row]!;
    for (let column = 0; column < columns; column++) memory[target + column]! += memory[source + column]!;
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
  const whole = paddedDepth === left.depth && paddedColumns === columns;
  const size = left.taps.length * paddedDepth * paddedColumns;
  const sums = whole ? y : heap.scratch('sums', size);
  heap.floats(sums, size).fill(0);
  const chunk = Math.min(512, Math.max(64, Math.floor(blockFloats / paddedColumns)));
  const table = heap.scratch('tables', rows);
  const offsets = heap.integers(table, rows);
  for (let row = 0; row < rows; row++) offsets[row] = left.starts[row]! * 4;
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
      for (let d = 0; d < paddedDepth; d += tileRows)
        heap.call.multiplyTransposed(
          left.pointer + (tap + d) * 4,
          table + from * 4,
          table + (from + count) * 4,
          sums + (index * paddedDepth + d) * paddedColumns * 4,
          paddedColumns * 4,
          panels,
          packed,
        );
    });
  }
  if (whole) return;
  heap.floats(y, left.taps.length * left.depth * columns).fill(0);
  left.taps.forEach((_, tap) => {
    const starts = Array.from({ length: left.depth }, (_, d) => (tap * left.depth + d) * columns);
    addColumns(heap, sums + tap * paddedDepth * paddedColumns * 4, paddedColumns, columns, {
      pointer: y,
      starts,
    });
  });
}
