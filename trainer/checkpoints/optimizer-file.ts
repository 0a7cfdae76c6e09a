/** An optimizer's state as a file: the names of the optimizer, the shapes and layouts of the trainer. */
import type { Tensor, TensorFlow } from '../engine/ops.js';
import { toFloat32 } from './element-types.js';
import type { Safetensors, StoredTensor } from './safetensors.js';
import { bytesOf } from './state-dict.js';

/** `values` are those of `state`, read back from the device. */
export function toOptimizerFile(
  state: Readonly<Record<string, Tensor>>,
  values: Readonly<Record<string, Float32Array>>,
): Safetensors {
  const tensors = new Map<string, StoredTensor>();
  for (const [name, { shape }] of Object.entries(state))
    tensors.set(name, { type: 'F32', shape, bytes: bytesOf(values[name]!) });
  return { metadata: { layout: 'HWIO' }, tensors };
}

/** New tensors on the device; they belong to the caller. */
export function fromOptimizerFile(tf: TensorFlow, { tensors }: Safetensors): Record<string, Tensor> {
  const state: Record<string, Tensor> = {};
  for (const [name, { type, shape, bytes }] of tensors)
    state[name] = tf.tensor(toFloat32(type, bytes), [...shape], 'float32');
  return state;
}
