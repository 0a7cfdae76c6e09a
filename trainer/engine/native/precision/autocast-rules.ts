import type { Precision } from '../../../contract/run-spec.js';

export type HalfType = Exclude<Precision, 'float32'>;

/** When an operation is computed in half precision, and which of its inputs then are. */
export interface AutocastRule {
  /**
   * `always`: whatever its operands are, in a run of that precision. `all`: where all operands are half already. A
   * number: where that input is, so that a gradient has the format of the values that it belongs to.
   */
  when: 'always' | 'all' | number;
  /** Places of the operands; the other inputs stay what they are. Default: all floats. */
  operands?: readonly number[];
  /** Formats that the kernel has. Default: both. */
  types?: readonly HalfType[];
  /** The operation is run on the numbers' bits, read as integers. */
  asIntegers?: true;
}

const always: AutocastRule = { when: 'always' };
const all: AutocastRule = { when: 'all' };

/**
 * The rules by TensorFlow's names, in the manner of `torch.autocast`. What isn't listed is computed in float32:
 * normalization statistics, softmax, losses, means, optimizer steps.
 */
export const autocastRules: Readonly<Record<string, AutocastRule>> = {
  // Products: where the time goes, and where sums are kept in float32 inside the kernel.
  Conv2D: always,
  Conv2DBackpropInput: always,
  Conv2DBackpropFilter: always,
  MatMul: always,
  BatchMatMulV2: always,
  // Twice to four times as fast in bfloat16 on a CPU, three times as slow in float16; the filter's gradient gains nothing.
  DepthwiseConv2dNative: { when: 'always', types: ['bfloat16'] },
  DepthwiseConv2dNativeBackpropInput: { when: 'always', types: ['bfloat16'] },

  // What only moves values.
  ConcatV2: all,
  GatherV2: all,
  Pack: all,
  PadV2: { when: 0 },
  Reshape: all,
  Slice: all,
  Split: all,
  SplitV: all,
  StridedSlice: all,
  Transpose: all,
  Unpack: all,

  // Cheap steps between products. A sum with a float32 operand is float32.
  Add: all,
  AddN: all,
  AddV2: all,
  Relu: all,
  // It multiplies by 0 or 1, as the sign says: the same in integers, which take a fifth of the time. (Not so `Relu`: it
  // would make 0 of a NaN whose sign is negative.)
  ReluGrad: { when: 1, asIntegers: true },
  MaxPool: all,
  MaxPoolGrad: { when: 0 },
  _MklNativeMaxPool: { when: 0, operands: [0], types: ['bfloat16'] },
  _MklNativeMaxPoolGrad: { when: 0, operands: [0, 1, 2], types: ['bfloat16'] },
  // Scale, offset and statistics stay float32. TensorFlow's kernel for float16 takes six times as long on a CPU.
  FusedBatchNormV3: { when: 0, operands: [0], types: ['bfloat16'] },
  FusedBatchNormGradV3: { when: 1, operands: [0, 1], types: ['bfloat16'] },
};
