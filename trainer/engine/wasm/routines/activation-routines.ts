import type { Code, Lanes } from '../../../simd/code.js';
import { rowRoutine } from './row-routine.js';

/** A constant in every lane. */
const number = (lanes: Lanes, value: number): Code =>
  lanes.splat([0x43, ...new Uint8Array(Float32Array.of(value).buffer)]);

/** max(0, min(x + 3, 6)) */
const gate = (lanes: Lanes, x: Code) =>
  lanes.maximum(number(lanes, 0), lanes.minimum(lanes.add(x, number(lanes, 3)), number(lanes, 6)));

/** Rows × columns; see row-routine.ts for the order of their arguments. */
export const activationRoutines = {
  /** y = max(x, 0) */
  relu: rowRoutine({ tensors: ['x', 'y'] }, at =>
    at.store('y', at.lanes.larger(at.load('x'), number(at.lanes, 0))),
  ),
  /** dx = dy where y > 0 */
  reluGradient: rowRoutine({ tensors: ['y', 'dy', 'dx'] }, at =>
    at.store('dx', at.lanes.whereGreater(at.load('y'), number(at.lanes, 0), at.load('dy'))),
  ),
  /** z = max(x + y, 0) */
  addRelu: rowRoutine({ tensors: ['x', 'y', 'z'] }, at =>
    at.store('z', at.lanes.larger(at.lanes.add(at.load('x'), at.load('y')), number(at.lanes, 0))),
  ),
  /** y = x · s, for s = sigmoid(x) */
  silu: rowRoutine({ tensors: ['x', 's', 'y'] }, at =>
    at.store('y', at.lanes.mul(at.load('x'), at.load('s'))),
  ),
  /** dx = dy · (s + x · s · (1 - s)), for s = sigmoid(x) */
  siluGradient: rowRoutine({ tensors: ['x', 's', 'dy', 'dx'] }, at => {
    const { add, sub, mul } = at.lanes;
    const rest = mul(at.load('x'), sub(number(at.lanes, 1), at.load('s')));
    const slope = mul(at.load('s'), add(number(at.lanes, 1), rest));
    return at.store('dx', mul(at.load('dy'), slope));
  }),
  /** y = x · max(0, min(x + 3, 6)) / 6 */
  hardSwish: rowRoutine({ tensors: ['x', 'y'] }, at =>
    at.store(
      'y',
      at.lanes.div(at.lanes.mul(at.load('x'), gate(at.lanes, at.load('x'))), number(at.lanes, 6)),
    ),
  ),
  /** dx = dy · (max(0, min(x + 3, 6)) + (x where -3 < x < 3)) / 6 */
  hardSwishGradient: rowRoutine({ tensors: ['x', 'dy', 'dx'] }, at => {
    const { add, mul, div, whereGreater } = at.lanes;
    const above = whereGreater(at.load('x'), number(at.lanes, -3), at.load('x'));
    const inside = whereGreater(number(at.lanes, 3), at.load('x'), above);
    const slope = div(add(gate(at.lanes, at.load('x')), inside), number(at.lanes, 6));
    return at.store('dx', mul(at.load('dy'), slope));
  }),
};
