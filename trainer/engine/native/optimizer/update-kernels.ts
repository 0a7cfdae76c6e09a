/** What the fused update rules are made of: kernels that change variables in place. */
import type { Tensor, TensorFlow } from '../../ops.js';
import { type Attribute, booleanAttribute, float32, type Kernels, nativeBackend } from '../kernels.js';
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

/** A rate by which nothing that is added can be told. */
const imperceptible = 2 ** -80;

/**
 * variable = keep · variable + rest · value, in place: the proximal step (variable - rate · value) / (1 + rate · l2) for
 * rate = -rest / keep and l2 = (keep - 1) / rest, in half the time of any other pair of kernels. It is there for CPUs alone. A `rest`
 * of (nearly) 0 has no such rate: the variable shrinks alone.
 */
export function blend(step: FusedStep, variable: string, keep: number, rest: number, value: Tensor): void {
  const { tf, variables, parameter, number } = step;
  if (Math.abs(rest) < imperceptible * keep) {
    scale(step, variable, keep);
    return;
  }
  if (keep === 0 || nativeBackend(tf).isUsingGpuDevice) {
    const set = variables[variable]!;
    set.assign(parameter, tf.add(tf.mul(set.value(parameter), number(keep)), tf.mul(value, number(rest))));
    return;
  }
  const numbers = [-rest / keep, 0, (keep - 1) / rest].map(number);
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

/** variable *= factor, in place: TensorFlow has no kernel for that, but it shrinks after a step, which is none here. */
export const scale = (step: FusedStep, variable: string, factor: number): void => {
  if (factor !== 1) blend(step, variable, factor, -imperceptible * factor, step.gradient);
};

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
 * variable -= rate · gradient / (sqrt(squares) / correction + epsilon), and squares = keep squares + (1 - keep) gradient²
 * before it: Adagrad's kernel, which is told to leave its sum alone.
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
  if (keep < 1) blend(step, squares, keep, 1 - keep, step.tf.square(gradient));
  const numbers = [rate * correction, epsilon * correction].map(step.number);
  apply(
    step,
    'ResourceApplyAdagradV2',
    [variable, squares],
    [...numbers, gradient],
    [booleanAttribute('update_slots', false)],
  );
}
