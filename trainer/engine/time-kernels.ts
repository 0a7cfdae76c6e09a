import type { Engine } from './engine.js';
import { type AroundKernel, extendedBackend } from './native/backend.js';
import type { TensorFlow } from './ops.js';

/**
 * Has every kernel of an engine run inside of `around`, until the returned function is called. Kernels that call others
 * through the registry are around those. On the native engine these are TensorFlow's operations, elsewhere the kernels of TensorFlow.js.
 */
export function aroundKernels({ tf, info }: Engine, around: AroundKernel): () => void {
  return info.name === 'tensorflow'
    ? extendedBackend(tf).aroundOperations(around)
    : aroundRegistered(tf, around);
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
