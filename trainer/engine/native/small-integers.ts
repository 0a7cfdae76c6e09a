import { dataTypes, type NativeBackend } from './kernels.js';

/** Values of a tensor that is kept, and number of tensors. */
const mostValues = 32;
const mostTensors = 1024;

interface PendingTensor {
  shape: readonly number[];
  dtype: number;
  /** Not copied to TensorFlow yet. */
  values: ArrayLike<number> | null;
}

/**
 * Keeps the small integer tensors that tell operations shapes, axes and positions: they are alike from step to step, and
 * copying one to TensorFlow takes as long as a small operation. Their tensors of TensorFlow.js stay as if they had not been used.
 */
export function keepSmallIntegers(backend: NativeBackend): void {
  const getInputTensorIds = backend.getInputTensorIds.bind(backend);
  const kept = new Map<string, number>();

  function keptId({ shape, dtype, values }: PendingTensor): number | undefined {
    if (dtype !== dataTypes.int32 || values === null || values.length > mostValues) return undefined;
    const key = `${shape};${values}`;
    const known = kept.get(key);
    if (known !== undefined) return known;
    const id = backend.binding.createTensor(shape, dtype, Int32Array.from(values));
    kept.set(key, id);
    return id;
  }

  /** Between operations: none of them is in use then. */
  function forgetAll(): void {
    for (const id of kept.values()) backend.binding.deleteTensor(id);
    kept.clear();
  }

  backend.getInputTensorIds = tensors => {
    if (kept.size > mostTensors) forgetAll();
    return tensors.map(tensor => {
      // Scalars of 64 bits, which the add-on has for attributes, lie in no map.
      const stored = tensor.dataId as object | undefined;
      const pending = stored && (backend.tensorMap.get(stored) as unknown as PendingTensor);
      return (pending && keptId(pending)) ?? getInputTensorIds([tensor])[0]!;
    });
  };
}
