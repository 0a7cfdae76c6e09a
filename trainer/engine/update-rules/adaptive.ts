/** Rules that divide by a root of summed or averaged squares. In all of them d = g + penalty p. */
import { averaged, type Elementwise, penalized, rule } from './rule.js';

/** sum' = sum + d², p - rate d / (sqrt(sum') + epsilon) */
export const adagrad = rule({
  slots: ['sum'],
  scalars: ['penalty', 'rate', 'epsilon'],
  step(math, { p, g, sum }, { penalty, rate, epsilon }) {
    const { add, sub, mul, div, sqrt, once } = math;
    const d = penalized(math, { p, g }, penalty);
    const next = once(add(sum, mul(d, d)));
    return { p: sub(p, mul(div(d, add(sqrt(next), epsilon)), rate)), sum: next };
  },
});

/** delta = d sqrt(accDelta + epsilon) / sqrt(squareAvg' + epsilon), p - learningRate delta; both averages with rho. */
export const adadelta = rule({
  slots: ['squareAvg', 'accDelta'],
  scalars: ['penalty', 'rho', 'rest', 'learningRate', 'epsilon'],
  step(math, { p, g, ...slots }, { penalty, rho, rest, learningRate, epsilon }) {
    const { add, sub, mul, div, sqrt, once } = math;
    const d = penalized(math, { p, g }, penalty);
    const squareAvg = averaged(math, [slots.squareAvg, rho], [mul(d, d), rest]);
    const root = (square: typeof p) => sqrt(add(square, epsilon));
    const delta = once(mul(div(root(slots.accDelta), root(squareAvg)), d));
    const accDelta = averaged(math, [slots.accDelta, rho], [mul(delta, delta), rest]);
    return { p: sub(p, mul(delta, learningRate)), squareAvg, accDelta };
  },
});

const rmspropScalars = ['penalty', 'alpha', 'rest', 'learningRate', 'epsilon'] as const;
type RmspropScalars<Value> = Record<(typeof rmspropScalars)[number], Value>;

function meanSquare<Value>(
  math: Elementwise<Value>,
  values: Record<'p' | 'g' | 'squareAvg', Value>,
  { penalty, alpha, rest }: RmspropScalars<Value>,
) {
  const d = penalized(math, values, penalty);
  return { d, squareAvg: averaged(math, [values.squareAvg, alpha], [math.mul(d, d), rest]) };
}

/** The mean, and the square without it: the variance of the gradient. */
function centred<Value>(
  math: Elementwise<Value>,
  { d, squareAvg, gradAvg }: Record<'d' | 'squareAvg' | 'gradAvg', Value>,
  { alpha, rest }: RmspropScalars<Value>,
) {
  const mean = averaged(math, [gradAvg, alpha], [d, rest]);
  return { gradAvg: mean, variance: math.sub(squareAvg, math.mul(mean, mean)) };
}

/** d / (sqrt(square) + epsilon) */
const normalized = <Value>(
  { add, div, sqrt }: Elementwise<Value>,
  d: Value,
  square: Value,
  { epsilon }: RmspropScalars<Value>,
) => div(d, add(sqrt(square), epsilon));

export const rmsprop = rule({
  slots: ['squareAvg'],
  scalars: rmspropScalars,
  step(math, values, scalars) {
    const { d, squareAvg } = meanSquare(math, values, scalars);
    const direction = normalized(math, d, squareAvg, scalars);
    return { p: math.sub(values.p, math.mul(direction, scalars.learningRate)), squareAvg };
  },
});

export const rmspropCentered = rule({
  slots: ['squareAvg', 'gradAvg'],
  scalars: rmspropScalars,
  step(math, values, scalars) {
    const { d, squareAvg } = meanSquare(math, values, scalars);
    const { gradAvg, variance } = centred(math, { d, squareAvg, gradAvg: values.gradAvg }, scalars);
    const direction = normalized(math, d, variance, scalars);
    return { p: math.sub(values.p, math.mul(direction, scalars.learningRate)), squareAvg, gradAvg };
  },
});

/** The learning rate stays outside of the momentum buffer. */
export const rmspropMomentum = rule({
  slots: ['squareAvg', 'momentum'],
  scalars: [...rmspropScalars, 'factor'],
  step(math, values, scalars) {
    const { add, sub, mul, once } = math;
    const { d, squareAvg } = meanSquare(math, values, scalars);
    const momentum = once(add(mul(values.momentum, scalars.factor), normalized(math, d, squareAvg, scalars)));
    return { p: sub(values.p, mul(momentum, scalars.learningRate)), squareAvg, momentum };
  },
});

export const rmspropCenteredMomentum = rule({
  slots: ['squareAvg', 'gradAvg', 'momentum'],
  scalars: [...rmspropScalars, 'factor'],
  step(math, values, scalars) {
    const { add, sub, mul, once } = math;
    const { d, squareAvg } = meanSquare(math, values, scalars);
    const { gradAvg, variance } = centred(math, { d, squareAvg, gradAvg: values.gradAvg }, scalars);
    const momentum = once(add(mul(values.momentum, scalars.factor), normalized(math, d, variance, scalars)));
    return { p: sub(values.p, mul(momentum, scalars.learningRate)), squareAvg, gradAvg, momentum };
  },
});
