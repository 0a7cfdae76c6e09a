import type { Engine } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';
import { globalNorm } from './norm.js';

/** Settings of `optimizer.sam`. */
export interface SamSettings {
  rho: number;
  adaptive: boolean;
  eta: number;
}

const smallestNorm = 1e-12;

/**
 * Where sharpness-aware minimization takes its gradients: the weights w moved by rho T² g / |T g|, `T` being 1 (SAM, Foret
 * et al. 2021) or |w| + eta (ASAM, Kwon et al. 2021), the norm that of all gradients g together. The results are new
 * tensors, in the surrounding `tidy`.
 */
export function ascended(
  { tf }: Engine,
  weights: Record<string, Tensor>,
  gradients: Record<string, Tensor>,
  { rho, adaptive, eta }: SamSettings,
): Record<string, Tensor> {
  const names = Object.keys(gradients);
  const scale = (name: string, value: Tensor) =>
    adaptive ? tf.mul(value, tf.add(tf.abs(weights[name]!), eta)) : value;
  const factor = tf.tidy(() => {
    const norm = globalNorm(
      tf,
      names.map(name => scale(name, gradients[name]!)),
    );
    return tf.div(rho, tf.add(norm, smallestNorm));
  });
  const move = (name: string) =>
    tf.tidy(() => {
      const direction = scale(name, scale(name, gradients[name]!));
      return tf.add(weights[name]!, tf.mul(direction, factor));
    });
  return Object.fromEntries(names.map(name => [name, move(name)]));
}
