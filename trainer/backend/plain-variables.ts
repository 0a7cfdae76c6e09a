import type { VariableSet } from './engine.js';
import type { Tensor, TensorFlow } from './ops.js';

/** Variables as plain tensors: an assignment disposes the old tensor and keeps the new one. */
export function createPlainVariables(tf: TensorFlow) {
  return (initial: Record<string, Tensor>): VariableSet => {
    const values = new Map(Object.entries(initial));
    for (const value of values.values()) tf.keep(value);
    return {
      names: [...values.keys()],
      read: () => Object.fromEntries(values),
      assign(name, value) {
        const old = values.get(name);
        if (!old) throw new Error(`unknown variable ${name}; known are ${[...values.keys()].join(', ')}`);
        if (!tf.util.arraysEqual(old.shape, value.shape))
          throw new Error(`variable ${name}: expected shape [${old.shape}], got [${value.shape}]`);
        if (old === value) return;
        values.set(name, tf.keep(value));
        old.dispose();
      },
      dispose() {
        for (const value of values.values()) value.dispose();
        values.clear();
      },
    };
  };
}
