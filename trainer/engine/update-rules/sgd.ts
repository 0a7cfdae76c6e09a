import { penalized, rule } from './rule.js';

/** p - learningRate (g + penalty p) */
export const sgd = rule({
  slots: [],
  scalars: ['learningRate', 'penalty'],
  step: (math, { p, g }, { learningRate, penalty }) => ({
    p: math.sub(p, math.mul(penalized(math, { p, g }, penalty), learningRate)),
  }),
});

/**
 * momentum' = factor momentum + keep d, p' = p - learningRate (look d + ahead momentum') for d = g + penalty p.
 * Plain momentum: look 0, ahead 1; Nesterov's: look 1, ahead = factor.
 */
export const sgdMomentum = rule({
  slots: ['momentum'],
  scalars: ['learningRate', 'penalty', 'factor', 'keep', 'look', 'ahead'],
  step(math, { p, g, momentum }, { learningRate, penalty, factor, keep, look, ahead }) {
    const { add, sub, mul, once } = math;
    const d = penalized(math, { p, g }, penalty);
    const next = once(add(mul(momentum, factor), mul(d, keep)));
    const direction = add(mul(d, look), mul(next, ahead));
    return { p: sub(p, mul(direction, learningRate)), momentum: next };
  },
});
