import { rowRoutine } from './row-routine.js';

/** Rows × columns; see row-routine.ts for the order of their arguments. */
export const elementwiseRoutines = {
  /** y = max(y, x): one position of a pooling window. */
  maximum: rowRoutine({ tensors: ['x', 'y'] }, at =>
    at.store('y', at.lanes.maximum(at.load('y'), at.load('x'))),
  ),
  /** total += x, over all rows */
  sumRows: rowRoutine({ tensors: ['x'], channels: ['total'] }, at =>
    at.store('total', at.lanes.add(at.load('total'), at.load('x'))),
  ),
  /** y = factor · channel, in all rows */
  spreadRows: rowRoutine({ tensors: ['y'], channels: ['channel'], scalars: ['factor'] }, at =>
    at.store('y', at.lanes.mul(at.load('channel'), at.scalar('factor'))),
  ),
  /** y += x · channel: one tap of a depthwise convolution. */
  multiplyAdd: rowRoutine({ tensors: ['x', 'y'], channels: ['channel'] }, at =>
    at.store('y', at.lanes.add(at.load('y'), at.lanes.mul(at.load('x'), at.load('channel')))),
  ),
  /** total += x · y, over all rows */
  sumProducts: rowRoutine({ tensors: ['x', 'y'], channels: ['total'] }, at =>
    at.store('total', at.lanes.add(at.load('total'), at.lanes.mul(at.load('x'), at.load('y')))),
  ),
  /**
   * One position of a pooling window: the gradient goes to it where it holds the maximum and no earlier one did.
   * `rest` starts as dy and loses what is given away.
   */
  maximumGradient: rowRoutine({ tensors: ['x', 'y', 'rest', 'dx'] }, at => {
    const share = at.once(at.lanes.whereEqual(at.load('x'), at.load('y'), at.load('rest')));
    return [
      ...share.before,
      ...at.store('dx', at.lanes.add(at.load('dx'), share.value)),
      ...at.store('rest', at.lanes.sub(at.load('rest'), share.value)),
    ];
  }),
};
