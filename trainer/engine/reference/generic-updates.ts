import type { Updates, UpdateTarget } from '../engine.js';
import type { Tensor, TensorFlow } from '../ops.js';
import { type RuleName, ruleNamed } from '../update-rules/all.js';
import type { Elementwise } from '../update-rules/rule.js';

/** The gradient of a parameter; an error names one that is missing. */
export function gradientOf(gradients: Record<string, Tensor>, name: string): Tensor {
  const gradient = gradients[name];
  if (!gradient) throw new Error(`no gradient for parameter ${name}`);
  return gradient;
}

/** Rules as TensorFlow.js operations. */
export function createGenericUpdates(tf: TensorFlow): Updates {
  const step = createGenericStep(tf);
  return {
    apply(rule, target, gradients, scalars) {
      for (const [name, values] of scalars) {
        const gradient = gradientOf(gradients, name);
        tf.tidy(() => step(rule, target, name, gradient, key => tf.scalar(values[key as never])));
      }
    },
  };
}

/** The arithmetic of rules on tensors. */
export const tensorMath = (tf: TensorFlow): Elementwise<Tensor> => ({
  add: tf.add,
  sub: tf.sub,
  mul: tf.mul,
  div: tf.div,
  maximum: tf.maximum,
  sqrt: tf.sqrt,
  abs: tf.abs,
  sign: tf.sign,
  once: value => value,
});

/** One parameter's step; `scalar` gives the value of a rule's scalar as a tensor that stays the caller's. */
export function createGenericStep(tf: TensorFlow) {
  const math = tensorMath(tf);
  return (
    name: RuleName,
    { parameters, slots }: UpdateTarget<string>,
    parameter: string,
    gradient: Tensor,
    scalar: (key: string) => Tensor,
  ): void => {
    const rule = ruleNamed(name);
    const sets = { p: parameters, ...slots };
    const values = Object.fromEntries(Object.entries(sets).map(([key, set]) => [key, set.value(parameter)]));
    const scalars = Object.fromEntries(rule.scalars.map(key => [key, scalar(key)]));
    const results = rule.step(math, { ...values, p: values.p!, g: gradient }, scalars);
    for (const [key, set] of Object.entries(sets)) set.assign(parameter, results[key]!);
  };
}
