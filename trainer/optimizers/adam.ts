import type { Engine, VariableSet } from '../backend/engine.js';
import type { Optimizer, OptimizerFactory } from './optimizer.js';
import { createSlots, disposeSlots, loadSlots, readSlots } from './slots.js';

/** The parameters of contract/params.ts `optimizers.adam` and `optimizers.adamw`. */
export interface AdamSettings {
  betas: readonly [number, number];
  epsilon: number;
  weightDecay: number;
}

/** Adam with either kind of weight decay. */
export function createAdamFamily(
  settings: AdamSettings,
  decoupled: boolean,
  engine: Engine,
  parameters: VariableSet,
): Optimizer {
  const { betas, epsilon, weightDecay } = settings;
  const slots = createSlots(['expAvg', 'expAvgSq'], engine, parameters);
  let steps = 0;
  return {
    step(gradients, learningRate) {
      steps += 1;
      const moments = { first: slots.expAvg, second: slots.expAvgSq };
      engine.updates.adam(parameters, moments, gradients, {
        step: steps,
        learningRate,
        betas,
        epsilon,
        weightDecay,
        decoupled,
      });
    },
    state: () => readSlots(slots),
    load(state, stepCount) {
      loadSlots(slots, state);
      steps = stepCount;
    },
    dispose: () => disposeSlots(slots),
  };
}

/** torch.optim.Adam (Kingma and Ba 2015): weight decay is an L2 penalty in the gradient. */
export const createAdam: OptimizerFactory<AdamSettings> = (settings, engine, parameters) =>
  createAdamFamily(settings, false, engine, parameters);
