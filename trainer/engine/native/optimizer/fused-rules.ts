/** Update rules by TensorFlow's fused kernels: as few passes over memory as they allow. */
import type { RuleName, Scalars } from '../../update-rules/all.js';
import { booleanAttribute } from '../kernels.js';
import {
  apply,
  applyAdam,
  blend,
  descend,
  descendNormalized,
  type FusedStep,
  penalized,
  scale,
} from './update-kernels.js';

/** Share of the old moment in Lion's direction. */
const leastToGoBack = 0.5;

type FusedRule<Name extends RuleName> = (step: FusedStep, scalars: Scalars<Name>) => void;

const sgdMomentum: FusedRule<'sgdMomentum'> = (step, { learningRate, penalty, factor, keep, look }) => {
  const { tf, variables, parameter, number } = step;
  const nesterov = look === 1;
  // factor · (buffer + penalty p / factor) = factor · buffer + penalty p: one pass in place, not two out of it.
  const inBuffer = penalty > 0 && !nesterov && factor > 0;
  if (inBuffer) descend(step, 'momentum', (-penalty * keep) / factor, variables.p.value(parameter));
  const gradient = inBuffer ? step.gradient : penalized(step, penalty);
  const share = keep === 1 ? gradient : tf.mul(gradient, number(keep));
  const inputs = [number(learningRate), share, number(factor)];
  apply(step, 'ResourceApplyMomentum', ['p', 'momentum'], inputs, [
    booleanAttribute('use_nesterov', nesterov),
  ]);
};

/** With or without the largest second moment. */
const adam =
  (names: Parameters<typeof applyAdam>[1]): FusedRule<'adam'> =>
  (step, scalars) => {
    const gradient = penalized(step, scalars.penalty);
    scale(step, 'p', scalars.shrink);
    applyAdam(step, names, scalars, gradient);
  };

/** Adam's step by the new moments, then one by the gradient with second moments that stay. */
const nadam: FusedRule<'nadam'> = (step, scalars) => {
  const { correction, epsilon, gradientSize, momentSize } = scalars;
  const gradient = penalized(step, scalars.penalty);
  scale(step, 'p', scalars.shrink);
  applyAdam(step, ['p', 'expAvg', 'expAvgSq'], { ...scalars, stepSize: momentSize }, gradient);
  const options = { rate: gradientSize, keep: 1, correction, epsilon };
  descendNormalized(step, ['p', 'expAvgSq'], options, gradient);
};

/** TensorFlow adds epsilon to the maximum, PyTorch to each gradient in it: they differ by less than epsilon. */
const adamax: FusedRule<'adamax'> = (step, { penalty, beta1, beta2, epsilon, stepSize }) => {
  const gradient = penalized(step, penalty);
  const numbers = [0, stepSize, beta1, beta2, epsilon].map(step.number);
  apply(step, 'ResourceApplyAdaMax', ['p', 'expAvg', 'expInf'], [...numbers, gradient]);
};

/**
 * The moment is turned into the direction and from there into the new moment, in place; from a direction that holds little
 * of the moment there is no way back to it.
 */
const lion: FusedRule<'lion'> = (step, { learningRate, shrink, beta1, rest1, beta2, rest2 }) => {
  const { tf, variables, parameter, gradient, number } = step;
  if (beta1 < leastToGoBack) {
    const moment = tf.mul(variables.expAvg!.value(parameter), number(beta1));
    const direction = tf.add(moment, tf.mul(gradient, number(rest1)));
    blend(step, 'p', shrink, -learningRate, tf.sign(direction));
    blend(step, 'expAvg', beta2, rest2, gradient);
    return;
  }
  blend(step, 'expAvg', beta1, rest1, gradient);
  blend(step, 'p', shrink, -learningRate, tf.sign(variables.expAvg!.value(parameter)));
  const more = rest2 - (rest1 * beta2) / beta1;
  if (more !== 0) blend(step, 'expAvg', beta2 / beta1, more, gradient);
};

const adagrad: FusedRule<'adagrad'> = (step, { penalty, rate, epsilon }) => {
  const gradient = penalized(step, penalty);
  apply(step, 'ResourceApplyAdagradV2', ['p', 'sum'], [step.number(rate), step.number(epsilon), gradient]);
};

const adadelta: FusedRule<'adadelta'> = (step, { penalty, rho, learningRate, epsilon }) => {
  const gradient = penalized(step, penalty);
  const numbers = [learningRate, rho, epsilon].map(step.number);
  apply(step, 'ResourceApplyAdadelta', ['p', 'squareAvg', 'accDelta'], [...numbers, gradient]);
};

const rmsprop: FusedRule<'rmsprop'> = (step, { penalty, alpha, learningRate, epsilon }) =>
  descendNormalized(
    step,
    ['p', 'squareAvg'],
    { rate: learningRate, keep: alpha, epsilon },
    penalized(step, penalty),
  );

const rmspropMomentum: FusedRule<'rmspropMomentum'> = (step, scalars) => {
  const { penalty, alpha, learningRate, epsilon, factor } = scalars;
  const { variables, parameter } = step;
  scale(step, 'momentum', factor);
  const options = { rate: -1, keep: alpha, epsilon };
  descendNormalized(step, ['momentum', 'squareAvg'], options, penalized(step, penalty));
  descend(step, 'p', learningRate, variables.momentum!.value(parameter));
};

/** Rules that are missing here (centered RMSprop) run as operations. */
export const fusedRules: { [Name in RuleName]?: FusedRule<Name> } = {
  sgd: (step, { learningRate, penalty }) => descend(step, 'p', learningRate, penalized(step, penalty)),
  sgdMomentum,
  adam: adam(['p', 'expAvg', 'expAvgSq']),
  amsgrad: adam(['p', 'expAvg', 'expAvgSq', 'maxExpAvgSq']),
  nadam,
  adamax,
  lion,
  adagrad,
  adadelta,
  rmsprop,
  rmspropMomentum,
  average: (step, { keep, rest }) => blend(step, 'p', keep, rest, step.gradient),
  add: step => descend(step, 'p', -1, step.gradient),
};
