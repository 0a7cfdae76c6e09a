import type { Tensor } from '../engine/ops.js';
import type { Optimizer, OptimizerTarget } from './optimizer.js';
import { disposeSlots, loadSlots, readSlots } from './slots.js';

export interface LookaheadSettings {
  steps: number;
  alpha: number;
}

const suffix = '.slow';

/**
 * Lookahead (Zhang et al. 2019): every `steps` steps the slow weights go `alpha` of the way to those of the optimizer
 * inside, which goes on from there.
 */
export function withLookahead(
  inner: Optimizer,
  { steps: period, alpha }: LookaheadSettings,
  { engine, parameters, groups }: OptimizerTarget,
): Optimizer {
  const { tf } = engine;
  const names = groups.map(({ name }) => name);
  const slow = engine.variables(
    Object.fromEntries(names.map(name => [name, tf.add(parameters.value(name), 0)])),
  );
  let steps = 0;

  function synchronize(name: string): void {
    const next = tf.tidy(() => {
      const old = slow.value(name);
      return tf.add(old, tf.mul(tf.sub(parameters.value(name), old), alpha));
    });
    parameters.assign(name, tf.add(next, 0));
    slow.assign(name, next);
  }

  return {
    step(gradients, learningRate, momentum) {
      inner.step(gradients, learningRate, momentum);
      steps += 1;
      if (steps % period === 0) names.forEach(synchronize);
    },
    state: () => ({ ...inner.state(), ...readSlots({ slow }) }),
    load(state, stepCount) {
      const entries = Object.entries(state);
      const isOwn = ([name]: [string, Tensor]) => name.endsWith(suffix);
      loadSlots({ slow }, Object.fromEntries(entries.filter(isOwn)));
      inner.load(Object.fromEntries(entries.filter(entry => !isOwn(entry))), stepCount);
      steps = stepCount;
    },
    dispose() {
      inner.dispose();
      disposeSlots({ slow });
    },
  };
}
