import type { Tensor, TensorFlow } from '../engine/ops.js';
import { tensorMath } from '../engine/reference/generic-updates.js';
import { denominator, momentsAfter } from '../engine/update-rules/adam.js';
import { clipByGlobalNorm } from './clip.js';
import { type MomentSettings, momentScalars } from './moments.js';
import { globalNorm } from './norm.js';
import type { OptimizerFactory, ParameterGroup } from './optimizer.js';
import { createSlots, disposeSlots, loadSlots, readSlots } from './slots.js';

interface LambSettings extends MomentSettings {
  maxGradientNorm: number | null;
  trustClip: boolean;
  alwaysAdapt: boolean;
  decoupledWeightDecay: boolean;
}

/**
 * LAMB (You et al. 2020) as timm has it: Adam's direction of each tensor is scaled to the norm of its weights. All
 * gradients together are clipped to `maxGradientNorm` first; without weight decay nothing is scaled unless `alwaysAdapt`.
 */
export const lamb: OptimizerFactory<LambSettings> = (settings, { engine, parameters, groups }) => {
  const { tf } = engine;
  const math = tensorMath(tf);
  const names = groups.map(({ name }) => name);
  const slots = createSlots({ expAvg: 0, expAvgSq: 0 }, engine, parameters, names);
  let steps = 0;

  function update(group: ParameterGroup, gradient: Tensor, learningRate: number, momentum?: number) {
    const { name, weightDecay } = group;
    const rate = learningRate * group.learningRateScale;
    const moment = { step: steps, learningRate: rate, weightDecay, momentum };
    const scalars = momentScalars(settings, moment, settings.decoupledWeightDecay);
    const constants = mapped(scalars, value => tf.scalar(value) as Tensor);
    const before = mapped(slots, slot => slot.value(name));
    const { expAvg, expAvgSq } = momentsAfter(math, gradient, before, constants);
    const value = parameters.value(name);
    const unscaled = tf.div(expAvg, denominator(math, expAvgSq, constants));
    const adam = tf.mul(unscaled, 1 / (1 - scalars.beta1 ** steps));
    const start = tf.mul(value, scalars.shrink);
    const direction = tf.add(adam, tf.mul(start, scalars.penalty));
    const adapts = weightDecay > 0 || settings.alwaysAdapt;
    const trusted = adapts ? tf.mul(direction, trust(tf, start, direction, settings.trustClip)) : direction;
    parameters.assign(name, tf.sub(start, tf.mul(trusted, rate)));
    slots.expAvg.assign(name, expAvg);
    slots.expAvgSq.assign(name, expAvgSq);
  }

  return {
    step(gradients, learningRate, momentum) {
      steps += 1;
      tf.tidy(() => {
        const { maxGradientNorm: limit } = settings;
        const own = Object.fromEntries(names.map(name => [name, gradients[name]!]));
        const clipped = limit === null ? own : clipByGlobalNorm(engine, own, limit);
        for (const group of groups)
          tf.tidy(() => update(group, clipped[group.name]!, learningRate, momentum));
      });
    },
    state: () => readSlots(slots),
    load(state, stepCount) {
      loadSlots(slots, state);
      steps = stepCount;
    },
    dispose: () => disposeSlots(slots),
  };
};

const mapped = <Key extends string, From, To>(
  entries: Readonly<Record<Key, From>>,
  change: (value: From) => To,
): Record<Key, To> =>
  Object.fromEntries(Object.entries<From>(entries).map(([key, value]) => [key, change(value)])) as Record<
    Key,
    To
  >;

/** |weights| / |direction|, or 1 where one of them is 0. */
function trust(tf: TensorFlow, weights: Tensor, direction: Tensor, clip: boolean): Tensor {
  const [weightNorm, directionNorm] = [globalNorm(tf, [weights]), globalNorm(tf, [direction])];
  const isUsable = tf.logicalAnd(tf.greater(weightNorm, 0), tf.greater(directionNorm, 0));
  const ratio = tf.where(isUsable, tf.div(weightNorm, directionNorm), tf.onesLike(weightNorm));
  return clip ? tf.minimum(ratio, 1) : ratio;
}
