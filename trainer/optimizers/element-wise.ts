/** What all optimizers share that change each element by itself: slots, counting, and a rule of the engine. */
import type { RuleName, Scalars, SlotOf } from '../engine/update-rules/all.js';
import type { Optimizer, OptimizerFactory, OptimizerTarget } from './optimizer.js';
import { createSlots, disposeSlots, loadSlots, readSlots } from './slots.js';

/** What is known when a parameter is changed. */
export interface Moment {
  /** 1-based. */
  step: number;
  learningRate: number;
  weightDecay: number;
  /** The schedule's momentum, if it has one. */
  momentum: number | undefined;
}

/** An optimizer as an update rule of the engine with its scalars. */
export interface ElementWise<Name extends RuleName> {
  rule: Name;
  /** Slots with their initial value. */
  slots: Record<SlotOf<Name>, number>;
  scalars(moment: Moment): Scalars<Name>;
}

type AnyElementWise = { [Name in RuleName]: ElementWise<Name> }[RuleName];

/** Makes the factory of an optimizer from the rule that its settings choose. */
export const elementWise =
  <Settings>(define: (settings: Settings) => AnyElementWise): OptimizerFactory<Settings> =>
  (settings, target) =>
    createElementWise(define(settings) as ElementWise<RuleName>, target);

function createElementWise<Name extends RuleName>(
  { rule, slots: initial, scalars }: ElementWise<Name>,
  { engine, parameters, groups }: OptimizerTarget,
): Optimizer {
  const names = groups.map(({ name }) => name);
  const slots = createSlots(initial, engine, parameters, names);
  let steps = 0;
  return {
    step(gradients, learningRate, momentum) {
      const step = steps + 1;
      const scalarsOf = groups.map(({ name, learningRateScale, weightDecay }) => {
        const moment = { step, learningRate: learningRate * learningRateScale, weightDecay, momentum };
        return [name, scalars(moment)] as const;
      });
      engine.updates.apply(rule, { parameters, slots }, gradients, new Map(scalarsOf));
      steps = step;
    },
    state: () => readSlots(slots),
    load(state, stepCount) {
      loadSlots(slots, state);
      steps = stepCount;
    },
    dispose: () => disposeSlots(slots),
  };
}
