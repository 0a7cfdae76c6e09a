/**
 * The two passes of a resize over bytes as WebAssembly: weighted bytes are summed in 32-bit integers, as Pillow does, those of
 * the channels or of neighbouring columns side by side. Routines may read and write up to `slack` bytes beyond a row's end;
 * rows are written in ascending order, so that the next one covers it.
 */
import {
  i32x4,
  loadFourBytes,
  storeByte,
  storeFourBytes,
  storeSixteenBytes,
  widen,
} from '../simd/byte-lanes.js';
import { advance, type Code, f32x4, i32, type Local, whileTrue } from '../simd/code.js';
import { assembleModule, type Routine } from '../simd/module.js';
import { precisionBits } from './resize-taps.js';

export const slack = 16;

const half = i32x4.splat(i32.constant(1 << (precisionBits - 1)));
const rounded = (sum: Code): Code => i32x4.shiftRight(sum, i32.constant(precisionBits));

/** Local variables or parameters by name. */
function named<const Name extends string>(make: () => Local, ...names: Name[]): Record<Name, Local> {
  return Object.fromEntries(names.map(name => [name, make()])) as Record<Name, Local>;
}

/**
 * Resizes `height` rows to the width that the taps are for. Called with (input, inputRowBytes, output, height, width, first,
 * weights, count).
 */
const rows =
  (channels: 1 | 3): Routine =>
  assemble => {
    const { input, inputRowBytes, output, height, width, first, weights, count } = named(
      () => assemble.parameter(),
      ...(['input', 'inputRowBytes', 'output', 'height', 'width', 'first', 'weights', 'count'] as const),
    );
    const { tap, tapsEnd, weight, weightsEnd, read } = named(
      () => assemble.local(),
      ...(['tap', 'tapsEnd', 'weight', 'weightsEnd', 'read'] as const),
    );
    const sum = assemble.local('v128');
    const store = channels === 3 ? storeFourBytes : storeByte;
    return [
      ...tapsEnd.set(i32.add(first.get, i32.mul(width.get, i32.constant(4)))),
      ...whileTrue(
        height.get,
        tap.set(first.get),
        weight.set(weights.get),
        whileTrue(
          i32.lessThan(tap.get, tapsEnd.get),
          sum.set(half),
          read.set(i32.add(input.get, i32.mul(i32.load(tap.get), i32.constant(channels)))),
          weightsEnd.set(i32.add(weight.get, i32.mul(count.get, i32.constant(4)))),
          whileTrue(
            i32.lessThan(weight.get, weightsEnd.get),
            sum.set(i32x4.add(sum.get, i32x4.mul(loadFourBytes(read.get), i32x4.loadSplat(weight.get)))),
            advance(read, channels),
            advance(weight, 4),
          ),
          store(output.get, rounded(sum.get)),
          advance(output, channels),
          advance(tap, 4),
        ),
        advance(input, inputRowBytes.get),
        advance(height, -1),
      ),
    ];
  };

/**
 * Resizes columns: each output row of `rowBytes` is a weighted sum of input rows. Called with (input, inputRowBytes, output,
 * rowBytes, height, first, weights, count).
 */
const columns: Routine = assemble => {
  const { input, inputRowBytes, output, rowBytes, height, first, weights, count } = named(
    () => assemble.parameter(),
    ...(['input', 'inputRowBytes', 'output', 'rowBytes', 'height', 'first', 'weights', 'count'] as const),
  );
  const { column, row, read, weight, weightsEnd } = named(
    () => assemble.local(),
    ...(['column', 'row', 'read', 'weight', 'weightsEnd'] as const),
  );
  const { factor, bytes } = named(() => assemble.local('v128'), 'factor', 'bytes');
  const sums = Array.from({ length: 4 }, () => assemble.local('v128'));
  return whileTrue(
    height.get,
    row.set(i32.add(input.get, i32.mul(i32.load(first.get), inputRowBytes.get))),
    weightsEnd.set(i32.add(weights.get, i32.mul(count.get, i32.constant(4)))),
    column.set(i32.constant(0)),
    whileTrue(
      i32.lessThan(column.get, rowBytes.get),
      ...sums.map(sum => sum.set(half)),
      read.set(i32.add(row.get, column.get)),
      weight.set(weights.get),
      whileTrue(
        i32.lessThan(weight.get, weightsEnd.get),
        factor.set(i32x4.loadSplat(weight.get)),
        bytes.set(f32x4.load(read.get)),
        ...widen(bytes.get).map((lanes, i) =>
          sums[i]!.set(i32x4.add(sums[i]!.get, i32x4.mul(lanes, factor.get))),
        ),
        advance(read, inputRowBytes.get),
        advance(weight, 4),
      ),
      storeSixteenBytes(
        i32.add(output.get, column.get),
        sums.map(sum => rounded(sum.get)),
      ),
      advance(column, 16),
    ),
    advance(output, rowBytes.get),
    advance(first, 4),
    weights.set(weightsEnd.get),
    advance(height, -1),
  );
};

type Run = (...parameters: number[]) => void;

/** The routines over a memory of one's own. */
export function resizeRoutines(memory: WebAssembly.Memory): Record<'rows1' | 'rows3' | 'columns', Run> {
  const bytes = assembleModule({ rows1: rows(1), rows3: rows(3), columns });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { host: { memory } });
  return exports as Record<'rows1' | 'rows3' | 'columns', Run>;
}
