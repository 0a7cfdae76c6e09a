import type { VariableSet } from '../engine.js';
import type { Tensor, TensorFlow } from '../ops.js';

/** Variables as plain tensors: an assignment disposes the old tensor and keeps the new one. */
export function createPlainVariables(tf: TensorFlow) {
  return (initial: Record<string, Tensor>): VariableSet => {
    const values = new Map(Object.entries(initial));
    for (const value of values.values()) tf.keep(value);
    const current = (name: string): Tensor => {
      const value = values.get(name);
      if (!value) throw new Error(`unknown variable ${name}; known are ${[...values.keys()].join(', ')}`);
      return value;
    };
    return {
      names: [...values.keys()],
      read: () => Object.fromEntries(values),
      value: current,
      assign(name, value) {
        const old = current(name);
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
