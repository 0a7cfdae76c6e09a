import type { TensorFlow } from '../../ops.js';
import { extendedBackend } from '../backend.js';
import { createKernels, type Kernels } from '../kernels.js';
import { autocastRules, type HalfType } from './autocast-rules.js';

/** TensorFlow's operations with products in half precision, as the autocast rules say. */
export function createHalfKernels(tf: TensorFlow, type: HalfType): Kernels {
  const { halves } = extendedBackend(tf);
  const others = createKernels(tf);
  const runMany: Kernels['runMany'] = (name, attributes, inputs, outputs) => {
    const rule = autocastRules[name];
    return rule?.when === 'always' && rule.types?.includes(type) !== false
      ? halves.run(rule, type, name, attributes, inputs, outputs)
      : others.runMany(name, attributes, inputs, outputs);
  };
  return {
    precision: type,
    lower: x => halves.lower(x, type),
    run: (name, attributes, inputs) => runMany(name, attributes, inputs, 1)[0]!,
    runMany,
  };
}
