import type { Engine, VariableSet } from '../backend/engine.js';
import type { Tensor } from '../backend/ops.js';

/** PyTorch's rule of the same name over all tensors of a set. */
export interface Optimizer {
  /** Updates the parameters in place; `gradients` by the parameters' names, they stay the caller's. */
  step(gradients: Record<string, Tensor>, learningRate: number): void;
  /** What must be saved to go on: `<parameter>.momentum` and the like. The tensors belong to the optimizer, until the next step. */
  state(): Record<string, Tensor>;
  /** Goes on after `stepCount` steps from what `state` gave then. Takes over the tensors. */
  load(state: Record<string, Tensor>, stepCount: number): void;
  dispose(): void;
}

/** Builds an optimizer for these parameters from a component's settings (which the grid has checked). */
export type OptimizerFactory<Settings> = (
  settings: Settings,
  engine: Engine,
  parameters: VariableSet,
) => Optimizer;
