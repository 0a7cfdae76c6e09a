/**
 * Register-tiled matrix products (Goto & van de Geijn 2008): a tile of `tileRows` × 8 sums stays in registers, its
 * right operand is packed into panels of 8 columns, `[panel][depth][8]`.
 */
import { advance, type Code, f32, f32x4, i32, type Local, whileTrue } from '../assembler/code.js';
import type { FunctionAssembler, Routine } from '../assembler/module.js';

/** Rows of a tile: 8 sums, 2 columns and a row's value fit the 16 vector registers of x86. */
export const tileRows = 4;
export const panelColumns = 8;
const panelBytes = panelColumns * 4;
const unrolled = 4;

interface Tile {
  sums: [Local, Local][];
  right: [Local, Local];
  value: Local;
}

function tile(assemble: FunctionAssembler): Tile {
  const vector = () => assemble.local('v128');
  return {
    sums: Array.from({ length: tileRows }, () => [vector(), vector()]),
    right: [vector(), vector()],
    value: vector(),
  };
}

const clear = ({ sums }: Tile): Code => sums.flat().flatMap(sum => sum.set(f32x4.zero));

/** sums += (column of left values) × (row of the panel). */
function accumulate(
  { sums, right, value }: Tile,
  left: (row: number) => Code,
  panel: Local,
  offset: number,
): Code {
  return [
    ...right[0].set(f32x4.load(panel.get, offset)),
    ...right[1].set(f32x4.load(panel.get, offset + 16)),
    ...sums.flatMap(([low, high], row) => [
      ...value.set(left(row)),
      ...low.set(f32x4.add(low.get, f32x4.mul(value.get, right[0].get))),
      ...high.set(f32x4.add(high.get, f32x4.mul(value.get, right[1].get))),
    ]),
  ];
}

/**
 * y[row] = Σ over taps t, d < depth of x[row + t, d] · panel[t, d], for 8 columns: a convolution without copies of
 * its patches. Row starts are byte offsets, `tileRows` at a time; so are taps and the starts of the results.
 *
 * (x, xOffsets, y, yOffsets, xOffsetsEnd, panel, taps, tapsEnd, depthBytes); depth is any number ≥ 1.
 */
export const multiplyRows: Routine = assemble => {
  const [x, xOffsets, y, yOffsets, xOffsetsEnd, panel, taps, tapsEnd, depthBytes] = Array.from(
    { length: 9 },
    () => assemble.parameter(),
  ) as [Local, Local, Local, Local, Local, Local, Local, Local, Local];
  const sums = tile(assemble);
  const starts = Array.from({ length: tileRows }, () => assemble.local());
  const lefts = Array.from({ length: tileRows }, () => assemble.local());
  const [right, tap, end, unrolledEnd] = [assemble.local(), assemble.local(), assemble.local(), assemble.local()];
  const first = lefts[0]!;
  const depthSteps = (count: number): Code => [
    ...Array.from({ length: count }, (_, step) =>
      accumulate(sums, row => f32x4.loadSplat(lefts[row]!.get, step * 4), right, step * panelBytes),
    ).flat(),
    ...lefts.flatMap(left => advance(left, count * 4)),
    ...advance(right, count * panelBytes),
  ];
  return whileTrue(
    i32.lessThan(xOffsets.get, xOffsetsEnd.get),
    starts.flatMap((start, row) => start.set(i32.add(x.get, i32.load(xOffsets.get, row * 4)))),
    clear(sums),
    right.set(panel.get),
    tap.set(taps.get),
    whileTrue(
      i32.lessThan(tap.get, tapsEnd.get),
      lefts.flatMap((left, row) => left.set(i32.add(starts[row]!.get, i32.load(tap.get)))),
      end.set(i32.add(first.get, depthBytes.get)),
      unrolledEnd.set(
        i32.add(
          first.get,
          i32.mul(i32.divide(depthBytes.get, i32.constant(unrolled * 4)), i32.constant(unrolled * 4)),
        ),
      ),
      whileTrue(i32.lessThan(first.get, unrolledEnd.get), depthSteps(unrolled)),
      whileTrue(i32.lessThan(first.get, end.get), depthSteps(1)),
      advance(tap, 4),
    ),
    sums.sums.flatMap(([low, high], row) => {
      const target = i32.add(y.get, i32.load(yOffsets.get, row * 4));
      return [...f32x4.store(target, low.get), ...f32x4.store(target, high.get, 16)];
    }),
    advance(xOffsets, tileRows * 4),
    advance(yOffsets, tileRows * 4),
  );
};

/**
 * y += leftᵀ · right for `tileRows` rows of y and all its panels of columns; both operands packed with the depth
 * outside: left [depth][tileRows], right [panel][depth][8].
 *
 * (left, leftEnd, right, y, yEnd, yRowBytes): yEnd is the end of y's first row.
 */
export const multiplyPacked: Routine = assemble => {
  const [left, leftEnd, right, y, yEnd, yRowBytes] = Array.from({ length: 6 }, () => assemble.parameter()) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const sums = tile(assemble);
  const cursor = assemble.local();
  const row = assemble.local();
  const eachRow = (statement: (low: Local, high: Local) => Code): Code => [
    ...row.set(y.get),
    ...sums.sums.flatMap(([low, high]) => [...statement(low, high), ...advance(row, yRowBytes.get)]),
  ];
  return whileTrue(
    i32.lessThan(y.get, yEnd.get),
    clear(sums),
    cursor.set(left.get),
    whileTrue(
      i32.lessThan(cursor.get, leftEnd.get),
      accumulate(sums, index => f32x4.loadSplat(cursor.get, index * 4), right, 0),
      advance(cursor, tileRows * 4),
      advance(right, panelBytes),
    ),
    eachRow((low, high) => [
      ...f32x4.store(row.get, f32x4.add(f32x4.load(row.get), low.get)),
      ...f32x4.store(row.get, f32x4.add(f32x4.load(row.get, 16), high.get), 16),
    ]),
    advance(y, panelBytes),
  );
};

/**
 * Packs `width` columns: target [depth][width] from source rows `rowBytes` apart, for vectors of adjacent columns.
 * (source, target, targetEnd, rowBytes)
 */
export const packColumns =
  (width: number): Routine =>
  assemble => {
    const [source, target, targetEnd, rowBytes] = Array.from({ length: 4 }, () => assemble.parameter()) as [
      Local,
      Local,
      Local,
      Local,
    ];
    return whileTrue(
      i32.lessThan(target.get, targetEnd.get),
      Array.from({ length: width / 4 }, (_, vector) =>
        f32x4.store(target.get, f32x4.load(source.get, vector * 16), vector * 16),
      ).flat(),
      advance(source, rowBytes.get),
      advance(target, width * 4),
    );
  };

/** The same for `tileRows` columns of rows that start at byte offsets. (source, target, offsets, offsetsEnd) */
export const packOffsetColumns: Routine = assemble => {
  const [source, target, offsets, offsetsEnd] = Array.from({ length: 4 }, () => assemble.parameter()) as [
    Local,
    Local,
    Local,
    Local,
  ];
  return whileTrue(
    i32.lessThan(offsets.get, offsetsEnd.get),
    f32x4.store(target.get, f32x4.load(i32.add(source.get, i32.load(offsets.get)))),
    advance(offsets, 4),
    advance(target, tileRows * 4),
  );
};

/**
 * Packs one column of a panel: target floats 8 columns apart, source floats `stepBytes` apart.
 * (source, target, targetEnd, stepBytes)
 */
export const packStridedColumn: Routine = assemble => {
  const [source, target, targetEnd, stepBytes] = Array.from({ length: 4 }, () => assemble.parameter()) as [
    Local,
    Local,
    Local,
    Local,
  ];
  return whileTrue(
    i32.lessThan(target.get, targetEnd.get),
    f32.store(target.get, f32.load(source.get)),
    advance(source, stepBytes.get),
    advance(target, panelBytes),
  );
};
