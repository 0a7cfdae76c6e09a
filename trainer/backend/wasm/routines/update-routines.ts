import { rowRoutine } from './row-routine.js';

/** Optimizer steps over all elements of a tensor (as one row), in the order of operations of generic-updates.ts. */
export const updateRoutines = {
  /** out = p - learningRate (g + weightDecay p) */
  sgd: rowRoutine({ tensors: ['p', 'g', 'out'], scalars: ['learningRate', 'weightDecay'] }, at => {
    const { add, sub, mul } = at.lanes;
    const decayed = add(at.load('g'), mul(at.load('p'), at.scalar('weightDecay')));
    return at.store('out', sub(at.load('p'), mul(decayed, at.scalar('learningRate'))));
  }),
  /**
   * buffer' = momentum buffer + keep d, out = p - learningRate (look d + ahead buffer'), for d = g + weightDecay p.
   * Nesterov: look 1, ahead momentum; else look 0, ahead 1.
   */
  sgdMomentum: rowRoutine(
    {
      tensors: ['p', 'g', 'buffer', 'out', 'bufferOut'],
      scalars: ['learningRate', 'weightDecay', 'momentum', 'keep', 'look', 'ahead'],
    },
    at => {
      const { add, sub, mul } = at.lanes;
      const decayed = at.once(add(at.load('g'), mul(at.load('p'), at.scalar('weightDecay'))));
      const next = at.once(
        add(mul(at.load('buffer'), at.scalar('momentum')), mul(decayed.value, at.scalar('keep'))),
      );
      const direction = add(mul(decayed.value, at.scalar('look')), mul(next.value, at.scalar('ahead')));
      return [
        ...decayed.before,
        ...next.before,
        ...at.store('bufferOut', next.value),
        ...at.store('out', sub(at.load('p'), mul(direction, at.scalar('learningRate')))),
      ];
    },
  ),
  /**
   * m' = beta1 m + rest1 d, v' = beta2 v + rest2 d², out = shrink p - stepSize m' / (sqrt(v') / correction + epsilon),
   * for d = g + weightDecay p; `shrink` is AdamW's decay.
   */
  adam: rowRoutine(
    {
      tensors: ['p', 'g', 'm', 'v', 'out', 'mOut', 'vOut'],
      scalars: [
        'weightDecay',
        'shrink',
        'beta1',
        'rest1',
        'beta2',
        'rest2',
        'stepSize',
        'correction',
        'epsilon',
      ],
    },
    at => {
      const { add, sub, mul, div, sqrt } = at.lanes;
      const d = at.once(add(at.load('g'), mul(at.load('p'), at.scalar('weightDecay'))));
      const m = at.once(add(mul(at.load('m'), at.scalar('beta1')), mul(d.value, at.scalar('rest1'))));
      const v = at.once(
        add(mul(at.load('v'), at.scalar('beta2')), mul(mul(d.value, d.value), at.scalar('rest2'))),
      );
      const denominator = add(div(sqrt(v.value), at.scalar('correction')), at.scalar('epsilon'));
      const start = mul(at.load('p'), at.scalar('shrink'));
      return [
        ...d.before,
        ...m.before,
        ...v.before,
        ...at.store('mOut', m.value),
        ...at.store('vOut', v.value),
        ...at.store('out', sub(start, mul(div(m.value, denominator), at.scalar('stepSize')))),
      ];
    },
  ),
};
