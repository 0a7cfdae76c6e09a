import type { Engine } from '../engine.js';
import { visibleGpuName } from '../gpus.js';
import type { TensorFlow } from '../ops.js';
import { extendBackend } from './backend.js';
import { cpuFeatures } from './cpu-features.js';
import { addonVersion } from './engine-cache.js';
import { createKernels, nativeBackend } from './kernels.js';
import { loadAddon } from './load-addon.js';
import { createNativeOps } from './ops.js';
import { ResourceVariableSet } from './optimizer/resource-variables.js';
import { createNativeUpdates } from './optimizer/updates.js';
import type { HalfType } from './precision/autocast-rules.js';
import { createHalfKernels } from './precision/half-kernels.js';
import { assertPrecision, devicePrecisionProblem, precisionsWithout } from './precision/hardware.js';

/** The native engine on a loaded add-on. */
async function createNativeEngine(tf: TensorFlow, options: { threads: number }): Promise<Engine> {
  await extendBackend(tf);
  const kernels = createKernels(tf);
  const { binding, isUsingGpuDevice } = nativeBackend(tf);
  const { threads } = options;
  const problem = await devicePrecisionProblem(isUsingGpuDevice);
  const halves = new Map<HalfType, Engine>();
  function inHalf(type: HalfType): Engine {
    const half = halves.get(type) ?? { ...engine, ops: createNativeOps(tf, createHalfKernels(tf, type)) };
    halves.set(type, half);
    return half;
  }
  const engine: Engine = {
    info: {
      name: 'tensorflow',
      version: `tfjs-node ${addonVersion} / TensorFlow ${binding.TF_Version}`,
      device: isUsingGpuDevice
        ? ((await visibleGpuName()) ?? 'gpu')
        : `cpu x${threads} thread${threads === 1 ? '' : 's'}`,
      ...(isUsingGpuDevice ? {} : { cpu: cpuFeatures() }),
    },
    tf,
    ops: createNativeOps(tf, kernels),
    updates: createNativeUpdates(tf, kernels),
    variables: initial => new ResourceVariableSet(tf, kernels, initial),
    precisions: precisionsWithout(problem),
    withPrecision(precision) {
      assertPrecision(precision, problem);
      return precision === 'float32' ? engine : inHalf(precision);
    },
  };
  return engine;
}

/** Loads the native engine. Throws where it isn't there, and says what gets it. */
export async function loadNativeEngine(options: { threads: number }): Promise<Engine> {
  const { tf, failures } = loadAddon(options.threads);
  if (tf) return createNativeEngine(tf, options);
  const reasons = failures.map(({ error }) => error.message).join('; ');
  throw new Error(`the tensorflow engine is not there${reasons && ` (${reasons})`}: \`grid setup\` gets it`, {
    cause: failures[0]?.error,
  });
}
