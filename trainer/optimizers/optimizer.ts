import type { Engine, VariableSet } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';

/** PyTorch's rule of the same name over some tensors of a set. */
export interface Optimizer {
  /**
   * Updates the parameters in place; `gradients` by the parameters' names, they stay the caller's. `momentum`: what a
   * schedule puts in the place of the momentum factor or of beta1.
   */
  step(gradients: Record<string, Tensor>, learningRate: number, momentum?: number): void;
  /**
   * Where the gradients are to be taken, for one who looks around first: `weights` moved by `gradients`, in the
   * surrounding `tidy`.
   */
  ascend?(weights: Record<string, Tensor>, gradients: Record<string, Tensor>): Record<string, Tensor>;
  /** What must be saved to go on: `<parameter>.momentum` and the like. The tensors belong to the optimizer, until the next step. */
  state(): Record<string, Tensor>;
  /** Goes on after `stepCount` steps from what `state` gave then. Takes over the tensors. */
  load(state: Record<string, Tensor>, stepCount: number): void;
  dispose(): void;
}

/** A parameter that is to be optimized, and its share of the settings. */
export interface ParameterGroup {
  name: string;
  /** Times the schedule's learning rate. */
  learningRateScale: number;
  weightDecay: number;
}

/** The parameters that an optimizer is to change; the set may hold more. */
export interface OptimizerTarget {
  engine: Engine;
  parameters: VariableSet;
  groups: readonly ParameterGroup[];
}

/** Builds an optimizer from a component's settings (which the grid has checked). */
export type OptimizerFactory<Settings> = (settings: Settings, target: OptimizerTarget) => Optimizer;
