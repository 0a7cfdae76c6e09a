import { createRequire } from 'node:module';
import util from 'node:util';
import type { TensorFlow } from '../ops.js';
import { enableOneDnn } from './cpu-features.js';
import { type AddonLocation, addonPackage, findAddons } from './engine-cache.js';

/** tfjs-node 4.22 calls functions that Node 23 took out of `util`. */
function supplyRemovedUtilities(): void {
  const removed = {
    isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    isArray: Array.isArray,
    isString: (value: unknown) => typeof value === 'string',
    isNumber: (value: unknown) => typeof value === 'number',
    isBoolean: (value: unknown) => typeof value === 'boolean',
    isFunction: (value: unknown) => typeof value === 'function',
    isObject: (value: unknown) => typeof value === 'object' && value !== null,
  };
  for (const [name, replacement] of Object.entries(removed))
    if (!(name in util)) Object.assign(util, { [name]: replacement });
}

/** TensorFlow reads these once, when its library is loaded. */
function setEnvironment(threads: number): void {
  process.env.TF_NUM_INTRAOP_THREADS = String(threads);
  process.env.TF_NUM_INTEROP_THREADS = '1';
  // oneDNN's own threads, where TensorFlow was built with OpenMP.
  process.env.OMP_NUM_THREADS = String(threads);
  enableOneDnn();
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  // Several cells may share a GPU.
  process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
}

/** Why an add-on that is there can't be used. */
export interface AddonFailure {
  location: AddonLocation;
  error: Error;
}

/**
 * Loads the first add-on that works. The `tf` that comes back is the instance that the add-on registered its
 * backend with: no other copy of TensorFlow.js may be mixed with it.
 */
export function loadAddon(
  threads: number,
):
  | { tf: TensorFlow; location: AddonLocation; failures: AddonFailure[] }
  | { tf: null; failures: AddonFailure[] } {
  const failures: AddonFailure[] = [];
  supplyRemovedUtilities();
  setEnvironment(threads);
  for (const location of findAddons()) {
    try {
      const require = createRequire(`${location.packageDir}/`);
      return { tf: require(location.packageDir) as TensorFlow, location, failures };
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      failures.push({
        location,
        error: new Error(`${addonPackage} in ${location.packageDir} does not load: ${reason}`, { cause }),
      });
    }
  }
  return { tf: null, failures };
}
