import { averaged, type Elementwise, penalized, rule } from './rule.js';

const moments = ['expAvg', 'expAvgSq'] as const;
const momentScalars = [
  'penalty',
  'shrink',
  'beta1',
  'rest1',
  'beta2',
  'rest2',
  'correction',
  'epsilon',
] as const;

type Moments<Value> = Record<(typeof moments)[number], Value>;
type MomentScalars<Value> = Record<(typeof momentScalars)[number], Value>;

/** The moments after a gradient; `rest` is 1 - beta. */
export const momentsAfter = <Value>(
  math: Elementwise<Value>,
  gradient: Value,
  { expAvg, expAvgSq }: Moments<Value>,
  { beta1, rest1, beta2, rest2 }: Omit<MomentScalars<Value>, 'penalty' | 'shrink'>,
): Moments<Value> => ({
  expAvg: averaged(math, [expAvg, beta1], [gradient, rest1]),
  expAvgSq: averaged(math, [expAvgSq, beta2], [math.mul(gradient, gradient), rest2]),
});

/** sqrt(square) / correction + epsilon */
export const denominator = <Value>(
  { add, div, sqrt }: Elementwise<Value>,
  square: Value,
  { correction, epsilon }: Record<'correction' | 'epsilon', Value>,
) => add(div(sqrt(square), correction), epsilon);

/** Those after the gradient d = g + penalty p. */
function penalizedMoments<Value>(
  math: Elementwise<Value>,
  values: Record<'p' | 'g', Value> & Moments<Value>,
  scalars: MomentScalars<Value>,
) {
  const d = penalized(math, values, scalars.penalty);
  return { d, ...momentsAfter(math, d, values, scalars) };
}

/** shrink p - stepSize expAvg / (sqrt(square) / correction + epsilon); `shrink` is AdamW's decay. */
const descended = <Value>(
  math: Elementwise<Value>,
  { p, expAvg, square }: Record<'p' | 'expAvg' | 'square', Value>,
  scalars: MomentScalars<Value> & Record<'stepSize', Value>,
) =>
  math.sub(
    math.mul(p, scalars.shrink),
    math.mul(math.div(expAvg, denominator(math, square, scalars)), scalars.stepSize),
  );

/** Descends by the new moments. */
export const adam = rule({
  slots: moments,
  scalars: [...momentScalars, 'stepSize'],
  step(math, values, scalars) {
    const { expAvg, expAvgSq } = penalizedMoments(math, values, scalars);
    const p = descended(math, { p: values.p, expAvg, square: expAvgSq }, scalars);
    return { p, expAvg, expAvgSq };
  },
});

/** Adam with the largest second moment so far in the denominator. */
export const amsgrad = rule({
  slots: [...moments, 'maxExpAvgSq'],
  scalars: [...momentScalars, 'stepSize'],
  step(math, values, scalars) {
    const { expAvg, expAvgSq } = penalizedMoments(math, values, scalars);
    const maxExpAvgSq = math.once(math.maximum(values.maxExpAvgSq, expAvgSq));
    const p = descended(math, { p: values.p, expAvg, square: maxExpAvgSq }, scalars);
    return { p, expAvg, expAvgSq, maxExpAvgSq };
  },
});

/** shrink p - (gradientSize d + momentSize expAvg') / (sqrt(expAvgSq') / correction + epsilon) for d = g + penalty p. */
export const nadam = rule({
  slots: moments,
  scalars: [...momentScalars, 'gradientSize', 'momentSize'],
  step(math, values, scalars) {
    const { d, expAvg, expAvgSq } = penalizedMoments(math, values, scalars);
    const direction = math.add(math.mul(d, scalars.gradientSize), math.mul(expAvg, scalars.momentSize));
    const step = math.div(direction, denominator(math, expAvgSq, scalars));
    return { p: math.sub(math.mul(values.p, scalars.shrink), step), expAvg, expAvgSq };
  },
});

/** p - stepSize expAvg' / norm', where norm' = max(beta2 norm, |d| + epsilon) for d = g + penalty p. */
export const adamax = rule({
  slots: ['expAvg', 'expInf'],
  scalars: ['penalty', 'beta1', 'rest1', 'beta2', 'epsilon', 'stepSize'],
  step(math, { p, g, ...slots }, { penalty, beta1, rest1, beta2, epsilon, stepSize }) {
    const { add, sub, mul, div, maximum, abs, once } = math;
    const d = penalized(math, { p, g }, penalty);
    const expAvg = averaged(math, [slots.expAvg, beta1], [d, rest1]);
    const expInf = once(maximum(mul(slots.expInf, beta2), add(abs(d), epsilon)));
    return { p: sub(p, mul(div(expAvg, expInf), stepSize)), expAvg, expInf };
  },
});

/** shrink p - learningRate sign(beta1 expAvg + rest1 g), then expAvg' = beta2 expAvg + rest2 g. */
export const lion = rule({
  slots: ['expAvg'],
  scalars: ['learningRate', 'shrink', 'beta1', 'rest1', 'beta2', 'rest2'],
  step(math, { p, g, expAvg }, { learningRate, shrink, beta1, rest1, beta2, rest2 }) {
    const { sub, mul, sign } = math;
    const direction = sign(averaged(math, [expAvg, beta1], [g, rest1]));
    return {
      p: sub(mul(p, shrink), mul(direction, learningRate)),
      expAvg: averaged(math, [expAvg, beta2], [g, rest2]),
    };
  },
});
