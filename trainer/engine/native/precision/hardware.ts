/** Which half formats a device has instructions for. */
import { type Precision, precisions } from '../../../contract/run-spec.js';
import { visibleGpuComputeCapability } from '../../gpus.js';
import { cpuFlags, readCpuinfo } from '../cpu-features.js';
import type { HalfType } from './autocast-rules.js';

/** Flags of `/proc/cpuinfo`, any of which will do. oneDNN's kernels for these formats are written for them. */
const halfFlags: Record<HalfType, readonly string[]> = {
  bfloat16: ['avx512_bf16', 'amx_bf16'],
  float16: ['avx512_fp16', 'amx_fp16'],
};
/** CUDA compute capability from which on there are tensor cores for the format. */
const computeCapabilities: Record<HalfType, number> = { bfloat16: 8, float16: 7 };

const overridden = 'GRID_SLOW_PRECISION';

/** Says why a device lacks a format, or nothing if it has it. */
export type PrecisionProblem = (precision: Precision) => string | undefined;

/** `cpuinfo`: the text of `/proc/cpuinfo`, null where there is none. */
export function cpuPrecisionProblem(cpuinfo: string | null): PrecisionProblem {
  const flags = cpuFlags(cpuinfo);
  return precision => {
    if (precision === 'float32') return undefined;
    const wanted = halfFlags[precision];
    if (wanted.some(flag => flags.has(flag))) return undefined;
    return cpuinfo === null
      ? `whether this CPU has ${precision} instructions is not known (no /proc/cpuinfo)`
      : `this CPU has no ${precision} instructions (${wanted.join(' or ')})`;
  };
}

/** `capability`: CUDA's, such as 8.6; undefined where it isn't known. */
export const gpuPrecisionProblem =
  (capability: number | undefined): PrecisionProblem =>
  precision => {
    if (precision === 'float32') return undefined;
    const least = computeCapabilities[precision];
    if (capability !== undefined && capability >= least) return undefined;
    const found = capability === undefined ? 'is not known' : `is ${capability.toFixed(1)}`;
    return `${precision} needs compute capability ${least.toFixed(1)}, that of this GPU ${found}`;
  };

/** That of the device on which TensorFlow runs. */
export async function devicePrecisionProblem(isUsingGpuDevice: boolean): Promise<PrecisionProblem> {
  if (process.env[overridden] === '1') return () => undefined;
  return isUsingGpuDevice
    ? gpuPrecisionProblem(await visibleGpuComputeCapability())
    : cpuPrecisionProblem(readCpuinfo());
}

/** The formats without a problem. */
export const precisionsWithout = (problem: PrecisionProblem): Precision[] =>
  precisions.filter(precision => problem(precision) === undefined);

/** Throws what is wrong with a format, and what can be done about it. */
export function assertPrecision(precision: Precision, problem: PrecisionProblem): void {
  const reason = problem(precision);
  if (reason === undefined) return;
  throw new Error(
    `train.precision: ${reason}; expected ${precisionsWithout(problem).join(' or ')} here, or ${overridden}=1 in the environment to compute ${precision} without, at float32's speed or below`,
  );
}
