import { describe, expect, it } from 'vitest';
import {
  assertPrecision,
  cpuPrecisionProblem,
  gpuPrecisionProblem,
  precisionsWithout,
} from '../../../engine/native/precision/hardware.js';

const cpuinfo = (flags: string) =>
  `processor\t: 0\nmodel name\t: some CPU\nflags\t\t: fpu ${flags}\nbugs\t\t: avx512_bf16\n`;

describe('precisions of a device', () => {
  it.each([
    ['avx2', ['float32']],
    ['avx512f avx512_bf16 avx512_vnni', ['float32', 'bfloat16']],
    ['amx_bf16 amx_tile', ['float32', 'bfloat16']],
    ['avx512_bf16 avx512_fp16', ['float32', 'bfloat16', 'float16']],
  ])('of a CPU with %s are %j', (flags, expected) => {
    expect(precisionsWithout(cpuPrecisionProblem(cpuinfo(flags)))).toEqual(expected);
  });

  it.each([
    [6.1, ['float32']],
    [7.5, ['float32', 'float16']],
    [8, ['float32', 'bfloat16', 'float16']],
    [undefined, ['float32']],
  ])('of a GPU with compute capability %s are %j', (capability, expected) => {
    expect(precisionsWithout(gpuPrecisionProblem(capability))).toEqual(expected);
  });

  it('that lacks one are named, with a way out', () => {
    const problem = cpuPrecisionProblem(cpuinfo('avx512_bf16'));
    expect(() => assertPrecision('bfloat16', problem)).not.toThrow();
    expect(() => assertPrecision('float16', problem)).toThrow(
      /^train.precision: this CPU has no float16 instructions \(avx512_fp16 or amx_fp16\); expected float32 or bfloat16 here, or GRID_SLOW_PRECISION=1 /,
    );
    expect(() => assertPrecision('bfloat16', cpuPrecisionProblem(null))).toThrow(/is not known/);
    expect(() => assertPrecision('bfloat16', gpuPrecisionProblem(7.5))).toThrow(
      /needs compute capability 8.0, that of this GPU is 7.5/,
    );
  });
});
