import type { Engine } from './engine.js';
import { nativeBackend } from './native/kernels.js';
import type { TensorFlow } from './ops.js';

/** Runs a kernel of that name; must return what it returns. */
export type AroundKernel = <T>(name: string, run: () => T) => T;

/**
 * Has every kernel of an engine run inside of `around`, until the returned function is called. Kernels that call others
 * through the registry are around those. On the native engine these are TensorFlow's operations, elsewhere the kernels of TensorFlow.js.
 */
export function aroundKernels({ tf, info }: Engine, around: AroundKernel): () => void {
  return info.name === 'tensorflow' ? aroundNativeOps(tf, around) : aroundRegistered(tf, around);
}

function aroundNativeOps(tf: TensorFlow, around: AroundKernel): () => void {
  const backend = nativeBackend(tf) as { binding: ReturnType<typeof nativeBackend>['binding'] };
  const { binding } = backend;
  // Its own functions can't be overwritten.
  backend.binding = Object.create(binding, {
    executeOp: {
      value: (...args: Parameters<typeof binding.executeOp>) =>
        around(args[0], () => binding.executeOp(...args)),
    },
    createTensor: {
      value: (...args: Parameters<typeof binding.createTensor>) =>
        around('(copy to the engine)', () => binding.createTensor(...args)),
    },
  });
  return () => {
    backend.binding = binding;
  };
}

function aroundRegistered(tf: TensorFlow, around: AroundKernel): () => void {
  const kernels = tf.getKernelsForBackend(tf.getBackend());
  const register = (all: typeof kernels) => {
    for (const kernel of all) {
      tf.unregisterKernel(kernel.kernelName, kernel.backendName);
      tf.registerKernel(kernel);
    }
  };
  register(
    kernels.map(kernel => ({
      ...kernel,
      // Registering again would set the backend's kernel up again.
      setupFunc: () => {},
      disposeFunc: () => {},
      kernelFunc: (...args) => around(kernel.kernelName, () => kernel.kernelFunc(...args)),
    })),
  );
  return () => register(kernels.map(kernel => ({ ...kernel })));
}
