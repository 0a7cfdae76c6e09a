/** Which learning rate and weight decay each parameter gets. */
import { layerDepths } from './layer-depth.js';
import type { ParameterGroup } from './optimizer.js';

/** Parameters that all optimizers have (contract/params/optimizers.ts). */
export interface GroupSettings {
  weightDecay: number;
  noDecay?: boolean;
  layerDecay?: number;
}

/** Embeddings and per-channel scales that have more than one axis. */
const undecayedNames = /(^|\.)(class_token|pos_embedding|relative_position_bias_table|layer_scale)$/;

/** timm's rule: biases, norms and other vectors, and embeddings. */
export const isUndecayed = (name: string, shape: readonly number[]): boolean =>
  shape.length <= 1 || name.endsWith('.bias') || undecayedNames.test(name);

/**
 * Each parameter's share of the settings. Layer-wise decay (Clark et al. 2020, BEiT): learning rate ×
 * layerDecay once for each layer that lies between a parameter and the head.
 *
 * @param shapes of all parameters, in the order of the state dict
 */
export function parameterGroups(
  shapes: ReadonlyMap<string, readonly number[]>,
  { weightDecay, noDecay = false, layerDecay = 1 }: GroupSettings,
): ParameterGroup[] {
  const depths = layerDepths([...shapes.keys()]);
  const deepest = Math.max(...depths.values());
  return [...shapes].map(([name, shape]) => ({
    name,
    learningRateScale: layerDecay ** (deepest - depths.get(name)!),
    weightDecay: noDecay && isUndecayed(name, shape) ? 0 : weightDecay,
  }));
}
