/**
 * Register-tiled matrix products (Goto & van de Geijn 2008): a tile of `tileRows` × 8 sums stays in registers.
 * Left operands are packed as [depth][tileRows], right ones into panels of 8 columns, [panel][depth][8].
 */
import { advance, type Code, f32x4, i32, type Local, whileTrue } from '../../../simd/code.js';
import type { FunctionAssembler, Routine } from '../../../simd/module.js';

/** Rows of a tile: 8 sums, 2 vectors of columns and a row's value fit the 16 vector registers of x86. */
export const tileRows = 4;
export const panelColumns = 8;
const panelBytes = panelColumns * 4;
const tileBytes = tileRows * 4;

interface Product {
  /** Packed left operand. */
  left: Local;
  leftEnd: Local;
  /** First panel, and the bytes between the end of a panel's used part and the next panel. */
  right: Local;
  panelSkip: Local;
  /** Start of each of the tile's rows of y, and the end of the first. */
  rows: Local[];
  rowEnd: Local;
}

/**
 * For all panels: y += leftᵀ · panel. Moves `right` and `rows`. The innermost loop is not unrolled: V8 then ran out of
 * registers, at 22 instead of 40 GFLOP/s.
 */
function multiplyTile(assemble: FunctionAssembler): (product: Product) => Code {
  const vector = () => assemble.local('v128');
  const sums = Array.from({ length: tileRows }, () => [vector(), vector()] as const);
  const [low, high, value] = [vector(), vector(), vector()];
  const cursor = assemble.local();
  const step = (right: Local): Code => [
    ...low.set(f32x4.load(right.get)),
    ...high.set(f32x4.load(right.get, 16)),
    ...sums.flatMap(([lowSum, highSum], row) => [
      ...value.set(f32x4.loadSplat(cursor.get, row * 4)),
      ...lowSum.set(f32x4.add(lowSum.get, f32x4.mul(value.get, low.get))),
      ...highSum.set(f32x4.add(highSum.get, f32x4.mul(value.get, high.get))),
    ]),
    ...advance(cursor, tileBytes),
    ...advance(right, panelBytes),
  ];
  return ({ left, leftEnd, right, panelSkip, rows, rowEnd }) =>
    whileTrue(
      i32.lessThan(rows[0]!.get, rowEnd.get),
      sums.flat().flatMap(sum => sum.set(f32x4.zero)),
      cursor.set(left.get),
      whileTrue(i32.lessThan(cursor.get, leftEnd.get), step(right)),
      advance(right, panelSkip.get),
      sums.flatMap(([lowSum, highSum], index) => {
        const row = rows[index]!;
        return [
          ...f32x4.store(row.get, f32x4.add(f32x4.load(row.get), lowSum.get)),
          ...f32x4.store(row.get, f32x4.add(f32x4.load(row.get, 16), highSum.get), 16),
          ...advance(row, panelBytes),
        ];
      }),
    );
}

const parameters = (assemble: FunctionAssembler, count: number) =>
  Array.from({ length: count }, () => assemble.parameter());
const locals = (assemble: FunctionAssembler, count: number) =>
  Array.from({ length: count }, () => assemble.local());

/**
 * y[row] += Σ over taps t, d < depth of x[row + t, d] · right[t, d]: a convolution without copies of its patches.
 * Starts of rows and taps are tables of byte offsets, rows `tileRows` at a time.
 *
 * (x, xOffsets, xOffsetsEnd, y, yOffsets, yRowBytes, right, panelSkip, taps, tapsEnd, depthBytes, packed): `packed` is
 * room for taps × (depth rounded up to 4) × tileRows floats.
 */
export const multiplyRows: Routine = assemble => {
  const [
    x,
    xOffsets,
    xOffsetsEnd,
    y,
    yOffsets,
    yRowBytes,
    right,
    panelSkip,
    taps,
    tapsEnd,
    depthBytes,
    packed,
  ] = parameters(assemble, 12) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const lefts = locals(assemble, tileRows);
  const rows = locals(assemble, tileRows);
  const [tap, target, targetEnd, rowEnd, panel] = locals(assemble, 5) as [Local, Local, Local, Local, Local];
  const multiply = multiplyTile(assemble);
  const transpose = transposeBlock(assemble);
  return whileTrue(
    i32.lessThan(xOffsets.get, xOffsetsEnd.get),
    tap.set(taps.get),
    target.set(packed.get),
    whileTrue(
      i32.lessThan(tap.get, tapsEnd.get),
      lefts.flatMap((left, row) =>
        left.set(i32.add(i32.add(x.get, i32.load(xOffsets.get, row * 4)), i32.load(tap.get))),
      ),
      targetEnd.set(i32.add(target.get, i32.mul(depthBytes.get, i32.constant(tileRows)))),
      whileTrue(
        i32.lessThan(target.get, targetEnd.get),
        transpose(lefts, target),
        advance(target, 4 * tileBytes),
      ),
      // A depth that is no multiple of 4 was packed with a surplus: the next tap overwrites it.
      target.set(targetEnd.get),
      advance(tap, 4),
    ),
    rows.flatMap((row, index) => row.set(i32.add(y.get, i32.load(yOffsets.get, index * 4)))),
    rowEnd.set(i32.add(rows[0]!.get, yRowBytes.get)),
    panel.set(right.get),
    multiply({ left: packed, leftEnd: target, right: panel, panelSkip, rows, rowEnd }),
    advance(xOffsets, tileBytes),
    advance(yOffsets, tileBytes),
  );
};

/** Four floats of each of four rows → four columns at `target`; moves the row pointers on. */
function transposeBlock(assemble: FunctionAssembler): (rows: Local[], target: Local) => Code {
  const vectors = Array.from({ length: 8 }, () => assemble.local('v128'));
  const [a, b, c, d, abLow, abHigh, cdLow, cdHigh] = vectors as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  return (rows, target) => [
    ...[a, b, c, d].flatMap((vector, row) => vector.set(f32x4.load(rows[row]!.get))),
    ...abLow.set(f32x4.shuffle(a.get, b.get, [0, 4, 1, 5])),
    ...abHigh.set(f32x4.shuffle(a.get, b.get, [2, 6, 3, 7])),
    ...cdLow.set(f32x4.shuffle(c.get, d.get, [0, 4, 1, 5])),
    ...cdHigh.set(f32x4.shuffle(c.get, d.get, [2, 6, 3, 7])),
    ...f32x4.store(target.get, f32x4.shuffle(abLow.get, cdLow.get, [0, 1, 4, 5])),
    ...f32x4.store(target.get, f32x4.shuffle(abLow.get, cdLow.get, [2, 3, 6, 7]), 16),
    ...f32x4.store(target.get, f32x4.shuffle(abHigh.get, cdHigh.get, [0, 1, 4, 5]), 32),
    ...f32x4.store(target.get, f32x4.shuffle(abHigh.get, cdHigh.get, [2, 3, 6, 7]), 48),
    ...rows.flatMap(row => advance(row, 16)),
  ];
}

/**
 * y[i] += Σ over rows of x[row, i] · right[row] for `tileRows` adjacent columns i of x, whose rows start at byte offsets.
 * (x, xOffsets, xOffsetsEnd, y, yRowBytes, right, packed): `packed` is room for rows × tileRows floats.
 */
export const multiplyTransposed: Routine = assemble => {
  const [x, xOffsets, xOffsetsEnd, y, yRowBytes, right, packed] = parameters(assemble, 7) as [
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
    Local,
  ];
  const rows = locals(assemble, tileRows);
  const [target, rowEnd, panelSkip] = locals(assemble, 3) as [Local, Local, Local];
  const multiply = multiplyTile(assemble);
  return [
    ...target.set(packed.get),
    ...whileTrue(
      i32.lessThan(xOffsets.get, xOffsetsEnd.get),
      f32x4.store(target.get, f32x4.load(i32.add(x.get, i32.load(xOffsets.get)))),
      advance(xOffsets, 4),
      advance(target, tileBytes),
    ),
    ...rows.flatMap((row, index) => row.set(i32.add(y.get, i32.mul(yRowBytes.get, i32.constant(index))))),
    ...rowEnd.set(i32.add(y.get, yRowBytes.get)),
    ...panelSkip.set(i32.constant(0)),
    ...multiply({ left: packed, leftEnd: target, right, panelSkip, rows, rowEnd }),
  ];
};
