import type { Tensor } from '../ops.js';
import { dataTypes, type NativeBackend, type TensorData } from './kernels.js';

/** Values of a tensor that is kept, and number of tensors. */
const mostValues = 32;
const mostTensors = 1024;

/**
 * Keeps the small integer tensors that tell operations shapes, axes and positions: they are alike from step to step, and
 * copying one to TensorFlow takes as long as a small operation. Their tensors of TensorFlow.js stay as if they had not been used.
 */
export class SmallIntegers {
  readonly #kept = new Map<string, number>();

  constructor(private readonly backend: NativeBackend) {}

  /** The add-on's id of such a tensor; undefined of others. */
  idOf({ dataId }: Tensor): number | undefined {
    // Scalars of 64 bits, which the add-on has for attributes, lie in no map.
    const data = (dataId as object | undefined) && this.backend.tensorMap.get(dataId);
    return data && this.#keptId(data);
  }

  /** Between operations: none of the kept ones is in use then. */
  makeRoom(): void {
    if (this.#kept.size <= mostTensors) return;
    for (const id of this.#kept.values()) this.backend.binding.deleteTensor(id);
    this.#kept.clear();
  }

  #keptId({ shape, dtype, values }: TensorData): number | undefined {
    if (dtype !== dataTypes.int32 || values === null || values.length > mostValues) return undefined;
    const key = `${shape};${values}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const id = this.backend.binding.createTensor(shape, dtype, Int32Array.from(values));
    this.#kept.set(key, id);
    return id;
  }
}
