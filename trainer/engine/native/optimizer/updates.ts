import type { Updates, UpdateTarget, VariableSet } from '../../engine.js';
import type { Tensor, TensorFlow } from '../../ops.js';
import { createGenericStep, gradientOf } from '../../reference/generic-updates.js';
import type { RuleName } from '../../update-rules/all.js';
import type { Kernels } from '../kernels.js';
import { fusedRules } from './fused-rules.js';
import { ResourceVariableSet } from './resource-variables.js';
import type { FusedStep } from './update-kernels.js';

function resources(variables: VariableSet): ResourceVariableSet {
  if (variables instanceof ResourceVariableSet) return variables;
  throw new Error('these variables belong to another engine: make them with `variables` of the native one');
}

/** Optimizer steps by TensorFlow's `ResourceApply…` kernels, in place; as operations where there is none. */
export function createNativeUpdates(tf: TensorFlow, kernels: Kernels): Updates {
  const generic = createGenericStep(tf);

  function applyRule(
    name: RuleName,
    target: UpdateTarget<string>,
    parameter: string,
    gradient: Tensor,
    context: { values: Record<string, number>; number(value: number): Tensor },
  ) {
    const { values, number } = context;
    const fused = fusedRules[name] as
      | ((step: FusedStep, scalars: Record<string, number>) => void)
      | undefined;
    if (!fused) return generic(name, target, parameter, gradient, key => number(values[key]!));
    const sets = { p: resources(target.parameters) } as Record<string, ResourceVariableSet>;
    for (const [slot, set] of Object.entries(target.slots)) sets[slot] = resources(set);
    const kit = { tf, kernels, parameter, gradient, number };
    fused({ ...kit, variables: sets as { p: ResourceVariableSet } }, values);
  }

  return {
    apply(rule, target, gradients, scalars) {
      // Most scalars are alike for all parameters, and making a tensor costs as much as a small kernel.
      const numbers = new Map<number, Tensor>();
      const number = (value: number) => {
        const known = numbers.get(value) ?? tf.keep(tf.scalar(value, 'float32'));
        numbers.set(value, known);
        return known;
      };
      try {
        for (const [parameter, values] of scalars) {
          const gradient = gradientOf(gradients, parameter);
          tf.tidy(() => applyRule(rule, target, parameter, gradient, { values, number }));
        }
      } finally {
        for (const tensor of numbers.values()) tensor.dispose();
      }
    },
  };
}
