import type { OptimizerFactory } from './optimizer.js';
import { createSlots, disposeSlots, loadSlots, readSlots, type Slots } from './slots.js';

/** The parameters of contract/params.ts `optimizers.sgd`. */
export interface SgdSettings {
  momentum: number;
  dampening: number;
  nesterov: boolean;
  weightDecay: number;
}

/** torch.optim.SGD: the learning rate stays outside the momentum buffer, whose first value is the gradient itself. */
export const createSgd: OptimizerFactory<SgdSettings> = (settings, engine, parameters) => {
  const { momentum, dampening, nesterov, weightDecay } = settings;
  const slots: Slots<string> = momentum > 0 ? createSlots(['momentum'], engine, parameters) : {};
  let steps = 0;
  return {
    step(gradients, learningRate) {
      engine.updates.sgd(parameters, slots.momentum ?? null, gradients, {
        learningRate,
        momentum,
        dampening,
        nesterov,
        weightDecay,
        first: steps === 0,
      });
      steps += 1;
    },
    state: () => readSlots(slots),
    load(state, stepCount) {
      loadSlots(slots, state);
      steps = stepCount;
    },
    dispose: () => disposeSlots(slots),
  };
};
