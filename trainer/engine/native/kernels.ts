/**
 * TensorFlow's own operations, called by name through the add-on of tfjs-node. They run at once, outside of
 * TensorFlow.js's gradient tape: wrap what has to be differentiable in `tf.customGrad` or a registered gradient.
 */
import type { Precision } from '../../contract/run-spec.js';
import type { Tensor, TensorFlow } from '../ops.js';

/** Codes of TensorFlow's C API (`tf_attrtype.h`, `tf_datatype.h`). */
const attributeKinds = { string: 0, integer: 1, float: 2, boolean: 3, type: 4, shape: 5 } as const;
export const dataTypes = { float32: 1, int32: 3, uint8: 4, int16: 5, bfloat16: 14, float16: 19 } as const;
export type DataType = keyof typeof dataTypes;

export interface Attribute {
  name: string;
  type: number;
  value: unknown;
}

export const stringAttribute = (name: string, value: string): Attribute => ({
  name,
  type: attributeKinds.string,
  value,
});
export const integerAttribute = (name: string, value: number | number[]): Attribute => ({
  name,
  type: attributeKinds.integer,
  value,
});
export const floatAttribute = (name: string, value: number): Attribute => ({
  name,
  type: attributeKinds.float,
  value,
});
export const booleanAttribute = (name: string, value: boolean): Attribute => ({
  name,
  type: attributeKinds.boolean,
  value,
});
export const typeAttribute = (name: string, value: DataType): Attribute => ({
  name,
  type: attributeKinds.type,
  value: dataTypes[value],
});
export const shapeAttribute = (name: string, value: readonly number[]): Attribute => ({
  name,
  type: attributeKinds.shape,
  value,
});

/** `T: float32`, which most operations ask for. */
export const float32 = typeAttribute('T', 'float32');

/** Those of `GatherV2`. */
export const gatherAttributes = [
  typeAttribute('Tparams', 'float32'),
  typeAttribute('Tindices', 'int32'),
  typeAttribute('Taxis', 'int32'),
];

export interface OutputInfo {
  id: number;
  shape: number[];
  dtype: number;
}

/** What lies behind a tensor; `id` is negative where TensorFlow has no values yet. */
export interface TensorData {
  shape: readonly number[];
  dtype: number;
  id: number;
  /** Not copied to TensorFlow yet. */
  values: ArrayLike<number> | null;
}

/** The part of tfjs-node's `NodeJSKernelBackend` (4.22) that is used here. */
export interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  /** Not to be kept: it is replaced while kernels are timed. */
  binding: {
    readonly TF_Version: string;
    createTensor(
      shape: readonly number[],
      dataType: number,
      values: Uint8Array | Int32Array | Float32Array,
    ): number;
    deleteTensor(id: number): void;
    executeOp(
      name: string,
      attributes: readonly Attribute[],
      inputIds: readonly number[],
      outputs: number,
    ): OutputInfo[];
  };
  readonly tensorMap: { get(dataId: object): TensorData };
  createOutputTensor(info: OutputInfo): Tensor;
  /** The add-on's own ids; they stay the tensors'. */
  getInputTensorIds(tensors: readonly Tensor[]): number[];
  executeSingleOutput(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
  readSync(dataId: object): unknown;
  /** Whether the values are gone: no tensor shares them any more. */
  disposeData(dataId: object, force?: boolean): boolean;
}

export interface Kernels {
  /** In what convolutions and matrix products are computed. */
  readonly precision: Precision;
  /** The values in that format, for what moves them before it multiplies them; `x` itself in float32. */
  lower(x: Tensor): Tensor;
  /** The operation's only output. */
  run(name: string, attributes: readonly Attribute[], inputs: readonly Tensor[]): Tensor;
  /** All of `outputs` outputs (0: an operation that only acts). */
  runMany(
    name: string,
    attributes: readonly Attribute[],
    inputs: readonly Tensor[],
    outputs: number,
  ): Tensor[];
}

/** TensorFlow.js's backend as what it is here. */
export const nativeBackend = (tf: TensorFlow): NativeBackend => tf.backend() as unknown as NativeBackend;

export function createKernels(tf: TensorFlow): Kernels {
  const backend = nativeBackend(tf);
  return {
    precision: 'float32',
    lower: x => x,
    run: (name, attributes, inputs) => backend.executeSingleOutput(name, attributes, inputs),
    runMany: (name, attributes, inputs, outputs) =>
      backend.executeMultipleOutputs(name, attributes, inputs, outputs),
  };
}
