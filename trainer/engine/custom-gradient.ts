/** Gradients that can be followed: where in the forward pass an operation was, known again when its gradient is computed. */
import type { Tensor, TensorFlow } from './ops.js';

/** Called as an operation goes on the gradient tape; what it returns is called before the operation's gradients are computed. */
export type Follow = () => () => void;

type CustomGradient = Parameters<TensorFlow['customGrad']>[0];

let follow: Follow | undefined;

/** `tf.customGrad`, whose gradients can be followed. All operations with gradients of their own are made by this. */
export function customGradient(tf: TensorFlow, f: CustomGradient): (...inputs: Tensor[]) => Tensor {
  return tf.customGrad((...inputs) => {
    const result = f(...inputs);
    const before = follow?.();
    if (before === undefined) return result;
    return {
      value: result.value,
      gradFunc: (dy, saved) => {
        before();
        return result.gradFunc(dy, saved);
      },
    };
  });
}

/** Follows these and the registered gradients of the engine's kernels, until the returned function is called. */
export function followGradients(tf: TensorFlow, on: Follow): () => void {
  follow = on;
  const stock = tf
    .getKernelsForBackend(tf.getBackend())
    .flatMap(({ kernelName }) => tf.getGradient(kernelName) ?? []);
  const register = (all: typeof stock) => {
    for (const config of all) {
      tf.unregisterGradient(config.kernelName);
      tf.registerGradient(config);
    }
  };
  register(
    stock.map(config => ({
      ...config,
      // TensorFlow.js looks it up for each operation that goes on the tape.
      get gradFunc() {
        const before = on();
        return (...given: Parameters<typeof config.gradFunc>): ReturnType<typeof config.gradFunc> => {
          before();
          const gradients = Object.entries(config.gradFunc(...given)).map(([input, compute]) => [
            input,
            () => {
              before();
              return compute();
            },
          ]);
          return Object.fromEntries(gradients);
        };
      },
    })),
  );
  return () => {
    follow = undefined;
    register(stock);
  };
}
