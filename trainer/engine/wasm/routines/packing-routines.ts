/** Packs right operands of matrix products into panels [depth][8]. */
import { advance, f32, f32x4, i32, type Local, whileTrue } from '../../../simd/code.js';
import type { FunctionAssembler, Routine } from '../../../simd/module.js';
import { panelColumns } from './matrix-routines.js';

const parameters = (assemble: FunctionAssembler) =>
  Array.from({ length: 4 }, () => assemble.parameter()) as [Local, Local, Local, Local];

/** Eight adjacent columns of rows `stepBytes` apart. (source, target, targetEnd, stepBytes) */
export const packColumns: Routine = assemble => {
  const [source, target, targetEnd, stepBytes] = parameters(assemble);
  return whileTrue(
    i32.lessThan(target.get, targetEnd.get),
    f32x4.store(target.get, f32x4.load(source.get)),
    f32x4.store(target.get, f32x4.load(source.get, 16), 16),
    advance(source, stepBytes.get),
    advance(target, panelColumns * 4),
  );
};

/** One column, whose floats are `stepBytes` apart. (source, target, targetEnd, stepBytes) */
export const packStridedColumn: Routine = assemble => {
  const [source, target, targetEnd, stepBytes] = parameters(assemble);
  return whileTrue(
    i32.lessThan(target.get, targetEnd.get),
    f32.store(target.get, f32.load(source.get)),
    advance(source, stepBytes.get),
    advance(target, panelColumns * 4),
  );
};
