/** What the fused update rules are made of: kernels that change variables in place. */
import type { Tensor, TensorFlow } from '../ops.js';
import { type Attribute, float32, type Kernels, typeAttribute } from './kernels.js';
import type { ResourceVariableSet } from './resource-variables.js';

/** One parameter's step: the variables by the rule's names, and what computes with them. */
export interface FusedStep {
  tf: TensorFlow;
  kernels: Kernels;
  variables: { p: ResourceVariableSet } & Record<string, ResourceVariableSet>;
  parameter: string;
  gradient: Tensor;
  /** A scalar tensor of this value, which stays the caller's. */
  number(value: number): Tensor;
}

/** Runs an update kernel on these variables, in place, with more inputs behind their handles. */
export function apply(
  { kernels, variables, parameter }: FusedStep,
  kernel: string,
  names: readonly string[],
  inputs: readonly Tensor[],
  attributes: readonly Attribute[] = [],
): void {
  const sets = names.map(name => variables[name]!);
  for (const set of sets) set.release(parameter);
  const handles = sets.map(set => set.handle(parameter));
  kernels.runMany(kernel, [float32, ...attributes], [...handles, ...inputs], 0);
}

/** variable -= rate · direction */
export const descend = (step: FusedStep, variable: string, rate: number, direction: Tensor): void =>
  apply(step, 'ResourceApplyGradientDescent', [variable], [step.number(rate), direction]);

/**
 * variable = keep · variable + rest · value, in place: the proximal step (variable - rate · value) / (1 + rate · l2) for
 * rate = -rest / keep and l2 = (keep - 1) / rest. In half the time of any other pair of kernels.
 */
export function blend(step: FusedStep, variable: string, keep: number, rest: number, value: Tensor): void {
  const numbers = [-rest / keep, 0, (keep - 1) / rest].map(step.number);
  apply(step, 'ResourceApplyProximalGradientDescent', [variable], [...numbers, value]);
}

/** g + penalty p */
export function penalized(
  { tf, variables, parameter, gradient, number }: FusedStep,
  penalty: number,
): Tensor {
  if (penalty === 0) return gradient;
  return tf.add(gradient, tf.mul(variables.p.value(parameter), number(penalty)));
}

/** variable *= factor, in place: TensorFlow has it for slices alone, so all slices are named. */
export function scale(
  { tf, kernels, variables, parameter, number }: FusedStep,
  name: string,
  factor: number,
): void {
  if (factor === 1) return;
  const set = variables[name]!;
  const [rows] = set.shape(parameter);
  if (rows === undefined) {
    set.assign(parameter, tf.mul(set.value(parameter), number(factor)));
    return;
  }
  set.release(parameter);
  kernels.runMany(
    'ResourceScatterMul',
    [typeAttribute('dtype', 'float32'), typeAttribute('Tindices', 'int32')],
    [set.handle(parameter), tf.range(0, rows, 1, 'int32'), number(factor)],
    0,
  );
}

/**
 * Adam's kernel without its bias corrections, which come in double precision with the step size instead. PyTorch adds
 * epsilon to the corrected root, hence its scaling.
 */
export function applyAdam(
  step: FusedStep,
  names: readonly [p: string, expAvg: string, expAvgSq: string] | readonly [string, string, string, string],
  scalars: Record<'stepSize' | 'correction' | 'epsilon' | 'beta1' | 'beta2', number>,
  gradient: Tensor,
): void {
  const { stepSize, correction, epsilon, beta1, beta2 } = scalars;
  const kernel = names.length === 3 ? 'ResourceApplyAdam' : 'ResourceApplyAdamWithAmsgrad';
  const values = [0, 0, stepSize * correction, beta1, beta2, epsilon * correction];
  apply(step, kernel, names, [...values.map(step.number), gradient]);
}

/**
 * variable -= rate · gradient / (sqrt(squares) + epsilon), and squares = keep squares + (1 - keep) gradient² before it:
 * Adam's kernel with a first moment that it forgets.
 */
export function descendNormalized(
  step: FusedStep,
  [variable, squares]: readonly [string, string],
  {
    rate,
    keep,
    correction = 1,
    epsilon,
  }: { rate: number; keep: number; correction?: number; epsilon: number },
  gradient: Tensor,
): void {
  const { kernels, parameter } = step;
  const forgotten = step.variables[variable]!.another(parameter, gradient);
  try {
    const variables = { ...step.variables, forgotten };
    const scalars = { stepSize: rate, correction, epsilon, beta1: 0, beta2: keep };
    applyAdam({ ...step, kernels, variables }, [variable, 'forgotten', squares], scalars, gradient);
  } finally {
    forgotten.dispose();
  }
}
