import type { Engine } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';
import { globalNorm } from './norm.js';

/** torch.nn.utils.clip_grad_value_: entries outside of ±limit are set to it. New tensors, in the surrounding `tidy`. */
export const clipByValue = (
  { tf }: Engine,
  gradients: Record<string, Tensor>,
  limit: number,
): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(gradients).map(([name, value]) => [name, tf.clipByValue(value, -limit, limit)]),
  );

/**
 * torch.nn.utils.clip_grad_norm_: gradients × min(1, maxNorm / (norm + 1e-6)), `norm` being the L2 norm of all of
 * them together. Nothing is read back from the device. The results are new tensors, in the surrounding `tidy`.
 */
export function clipByGlobalNorm(
  { tf }: Engine,
  gradients: Record<string, Tensor>,
  maxNorm: number,
): Record<string, Tensor> {
  const names = Object.keys(gradients);
  const factor = tf.tidy(() => {
    const norm = globalNorm(tf, Object.values(gradients));
    return tf.minimum(tf.div(maxNorm, tf.add(norm, 1e-6)), 1);
  });
  return Object.fromEntries(names.map(name => [name, tf.mul(gradients[name]!, factor)]));
}
