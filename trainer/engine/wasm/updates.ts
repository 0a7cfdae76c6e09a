import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Updates, VariableSet } from '../engine.js';
import type { TensorFlow } from '../ops.js';
import { gradientOf } from '../reference/generic-updates.js';
import { ruleNamed } from '../update-rules/all.js';
import type { Heap } from './heap.js';

/** Each rule as one pass over each parameter. */
export function createWasmUpdates(tf: TensorFlow, heap: Heap): Updates {
  const pointers = (tensors: TensorInfo[]) => tensors.map(tensor => heap.pointer(tensor));
  return {
    apply(name, { parameters, slots }, gradients, scalars) {
      const rule = ruleNamed(name);
      const sets: VariableSet[] = [parameters, ...rule.slots.map(slot => slots[slot as never])];
      for (const [parameter, values] of scalars) {
        const [value, ...kept] = sets.map(set => set.value(parameter));
        // New tensors: kernels elsewhere may have cached something by the old ones.
        const results = sets.map(() => heap.output(value!.shape));
        heap.call[name](
          1,
          value!.size,
          ...pointers([value!, gradientOf(gradients, parameter), ...kept, ...results]),
          ...rule.scalars.map(scalar => values[scalar as never]),
        );
        for (const [index, set] of sets.entries())
          set.assign(parameter, tf.engine().makeTensorFromTensorInfo(results[index]!));
      }
    },
  };
}
