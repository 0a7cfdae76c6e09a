import type { Engine } from '../engine.js';
import type { TensorFlow } from '../ops.js';
import { addonVersion } from './engine-cache.js';
import { createKernels, nativeBackend } from './kernels.js';
import { createNativeOps } from './ops.js';
import { ResourceVariableSet } from './resource-variables.js';
import { createNativeUpdates } from './updates.js';

/** The native engine on a loaded add-on. */
export function createNativeEngine(tf: TensorFlow, options: { threads: number }): Engine {
  const kernels = createKernels(tf);
  const { binding, isUsingGpuDevice } = nativeBackend(tf);
  const { threads } = options;
  return {
    info: {
      name: 'tensorflow',
      version: `tfjs-node ${addonVersion} / TensorFlow ${binding.TF_Version}`,
      device: isUsingGpuDevice ? 'gpu' : `cpu x${threads} thread${threads === 1 ? '' : 's'}`,
    },
    tf,
    ops: createNativeOps(tf, kernels),
    updates: createNativeUpdates(tf, kernels),
    variables: initial => new ResourceVariableSet(tf, kernels, initial),
  };
}
