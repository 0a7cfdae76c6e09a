import type { Code, Lanes } from '../../../simd/code.js';
import { rowRoutine } from './row-routine.js';

const zero = [0x43, 0, 0, 0, 0];

type Columns = Parameters<Parameters<typeof rowRoutine>[1]>[0];

const affine = (at: Columns) => at.lanes.add(at.lanes.mul(at.load('x'), at.load('factor')), at.load('shift'));
/** dy, or dy where the ReLU that follows lets it through: its sign is computed again, exactly as in the forward pass. */
const gradient = (at: Columns, relu: boolean): Code =>
  relu ? at.lanes.whereGreater(affine(at), at.lanes.splat(zero), at.load('dy')) : at.load('dy');
const relu = (lanes: Lanes, value: Code) => lanes.larger(value, lanes.splat(zero));

/** dOffset += g; dScale += g (x - mean), for g the gradient before the ReLU. */
const gradientSums = (fused: boolean) =>
  rowRoutine({ tensors: ['x', 'dy'], channels: ['mean', 'factor', 'shift', 'offsetSum', 'scaleSum'] }, at => {
    const g = at.once(gradient(at, fused));
    const centred = at.lanes.sub(at.load('x'), at.load('mean'));
    return [
      ...g.before,
      ...at.store('offsetSum', at.lanes.add(at.load('offsetSum'), g.value)),
      ...at.store('scaleSum', at.lanes.add(at.load('scaleSum'), at.lanes.mul(g.value, centred))),
    ];
  });

/** dx = g · factor + (x - mean) · slope + level */
const inputGradient = (fused: boolean) =>
  rowRoutine({ tensors: ['x', 'dy', 'dx'], channels: ['mean', 'factor', 'shift', 'slope', 'level'] }, at => {
    const centred = at.lanes.sub(at.load('x'), at.load('mean'));
    const correction = at.lanes.add(at.lanes.mul(centred, at.load('slope')), at.load('level'));
    return at.store('dx', at.lanes.add(at.lanes.mul(gradient(at, fused), at.load('factor')), correction));
  });

export const batchNormRoutines = {
  /** total += (x - mean)², over all rows */
  sumSquares: rowRoutine({ tensors: ['x'], channels: ['mean', 'total'] }, at => {
    const centred = at.once(at.lanes.sub(at.load('x'), at.load('mean')));
    return [
      ...centred.before,
      ...at.store('total', at.lanes.add(at.load('total'), at.lanes.mul(centred.value, centred.value))),
    ];
  }),
  /** y = x · factor + shift */
  scaleShift: rowRoutine({ tensors: ['x', 'y'], channels: ['factor', 'shift'] }, at =>
    at.store('y', affine(at)),
  ),
  scaleShiftRelu: rowRoutine({ tensors: ['x', 'y'], channels: ['factor', 'shift'] }, at =>
    at.store('y', relu(at.lanes, affine(at))),
  ),
  normGradientSums: gradientSums(false),
  normReluGradientSums: gradientSums(true),
  normGradient: inputGradient(false),
  normReluGradient: inputGradient(true),
};
