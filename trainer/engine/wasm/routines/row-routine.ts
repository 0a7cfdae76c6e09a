import {
  advance,
  type Code,
  f32,
  f32x4,
  i32,
  type Lanes,
  type Local,
  whileTrue,
} from '../../../simd/code.js';
import type { FunctionAssembler, Routine } from '../../../simd/module.js';

/** Access to the current columns (one float or four) of each operand. */
export interface Columns {
  lanes: Lanes;
  load(operand: string): Code;
  store(operand: string, value: Code): Code;
  /** A scalar in every lane. */
  scalar(name: string): Code;
  /** Computes `value` once for several uses. */
  once(value: Code): { before: Code; value: Code };
}

/**
 * A loop over rows × columns of floats. `tensors` advance from row to row, `channels` are vectors of one row that
 * start again. Called with (rows, columns, tensors…, channels…, scalars…): pointers, then floats.
 */
export function rowRoutine(
  operands: { tensors: string[]; channels?: string[]; scalars?: string[] },
  body: (columns: Columns) => Code,
): Routine {
  const { tensors, channels = [], scalars = [] } = operands;
  return assemble => {
    const rows = assemble.parameter();
    const columns = assemble.parameter();
    const starts = new Map([...tensors, ...channels].map(name => [name, assemble.parameter()]));
    const values = new Map(scalars.map(name => [name, assemble.parameter('f32')]));
    const column = assemble.local();
    const vectorEnd = assemble.local();
    const end = assemble.local();
    const loop = (lanes: Lanes, limit: Local) =>
      whileTrue(
        i32.lessThan(column.get, limit.get),
        body(columnsOf(assemble, lanes, starts, values, column)),
        advance(column, lanes.bytes),
      );
    return [
      ...end.set(i32.mul(columns.get, i32.constant(4))),
      ...vectorEnd.set(i32.mul(i32.divide(columns.get, i32.constant(4)), i32.constant(16))),
      ...whileTrue(
        rows.get,
        column.set(i32.constant(0)),
        loop(f32x4, vectorEnd),
        loop(f32, end),
        ...tensors.map(name => advance(starts.get(name)!, end.get)),
        advance(rows, -1),
      ),
    ];
  };
}

function columnsOf(
  assemble: FunctionAssembler,
  lanes: Lanes,
  starts: Map<string, Local>,
  scalars: Map<string, Local>,
  column: Local,
): Columns {
  const address = (operand: string) => i32.add(known(starts, operand).get, column.get);
  return {
    lanes,
    load: operand => lanes.load(address(operand)),
    store: (operand, value) => lanes.store(address(operand), value),
    scalar: name => lanes.splat(known(scalars, name).get),
    once(value) {
      const local = assemble.local(lanes.type);
      return { before: local.set(value), value: local.get };
    },
  };
}

function known(locals: Map<string, Local>, name: string): Local {
  const local = locals.get(name);
  if (!local) throw new Error(`no operand ${name}; there are ${[...locals.keys()].join(', ')}`);
  return local;
}
