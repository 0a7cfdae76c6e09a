import type { Tensor } from '../engine/ops.js';
import { adamw } from './adamw.js';
import { isUndecayed } from './groups.js';
import { orthogonalized } from './newton-schulz.js';
import type { Optimizer, OptimizerFactory, ParameterGroup } from './optimizer.js';
import { createSlots, disposeSlots, loadSlots, readSlots } from './slots.js';

interface MuonSettings {
  learningRate: number;
  momentum: number;
  nesterov: boolean;
  newtonSchulzSteps: number;
  adjustLearningRate: 'original' | 'matchRmsAdamw';
  /** Of the parameters that AdamW takes. */
  adamwLearningRate: number;
  betas: readonly [number, number];
  epsilon: number;
}

/**
 * Muon (Jordan et al. 2024) by torch.optim.Muon's rules, in float32: momentum made orthogonal, for the hidden matrices
 * and, flattened to [outputs, the rest], filters. Biases, norms, embeddings, depthwise filters (each a matrix of its own, as in
 * timm), the first and the last weight go by AdamW.
 */
export const muon: OptimizerFactory<MuonSettings> = (settings, target) => {
  const { engine, parameters, groups } = target;
  const hidden = new Set(hiddenWeights(parameters.names, name => parameters.value(name).shape));
  const own = groups.filter(({ name }) => hidden.has(name));
  const others = groups.filter(({ name }) => !hidden.has(name));
  const ratio = settings.adamwLearningRate / settings.learningRate;
  const outer = adamw({ ...settings, amsgrad: false }, { ...target, groups: others });
  const slots = createSlots(
    { momentum: 0 },
    engine,
    parameters,
    own.map(({ name }) => name),
  );

  function update(
    { name, learningRateScale, weightDecay }: ParameterGroup,
    gradient: Tensor,
    learningRate: number,
    factor: number,
  ): void {
    const { tf } = engine;
    const rate = learningRate * learningRateScale;
    const lerp = (from: Tensor, to: Tensor, weight: number) => tf.add(from, tf.mul(tf.sub(to, from), weight));
    const momentum = lerp(slots.momentum.value(name), gradient, 1 - factor);
    const direction = settings.nesterov ? lerp(gradient, momentum, factor) : momentum;
    const value = parameters.value(name);
    const outputs = outputsOf(value.shape);
    const size = rate * adjustment(settings.adjustLearningRate, outputs, value.size / outputs);
    const step = tf.mul(orthogonalized(tf, direction, settings.newtonSchulzSteps), size);
    parameters.assign(name, tf.sub(tf.mul(value, 1 - rate * weightDecay), step));
    slots.momentum.assign(name, momentum);
  }

  const isOuter = (key: string) => !key.endsWith('.momentum');
  return {
    step(gradients, learningRate, momentum = settings.momentum) {
      for (const group of own)
        engine.tf.tidy(() => update(group, gradients[group.name]!, learningRate, momentum));
      outer.step(gradients, learningRate * ratio);
    },
    state: () => ({ ...readSlots(slots), ...outer.state() }),
    load(state, stepCount) {
      const entries = Object.entries(state);
      loadSlots(slots, Object.fromEntries(entries.filter(([key]) => !isOuter(key))));
      outer.load(Object.fromEntries(entries.filter(([key]) => isOuter(key))), stepCount);
    },
    dispose() {
      outer.dispose();
      disposeSlots(slots);
    },
  } satisfies Optimizer;
};

/** Matrices and dense filters between the first and the last of all. */
function hiddenWeights(names: readonly string[], shapeOf: (name: string) => readonly number[]): string[] {
  const weights = names.filter(name => !isUndecayed(name, shapeOf(name))).slice(1, -1);
  return weights.filter(name => !isDepthwise(shapeOf(name)));
}

/** [h, w, channels, 1]: no dense filter of more than one pixel has a single output. */
const isDepthwise = ([height = 1, width = 1, , outputs]: readonly number[]): boolean =>
  outputs === 1 && height * width > 1;

/** Filters are [h, w, inputs, outputs], linear weights [outputs, inputs]. */
const outputsOf = (shape: readonly number[]): number => (shape.length === 4 ? shape[3]! : shape[0]!);

/** Keeps the size of a step alike for matrices of all shapes. */
function adjustment(kind: MuonSettings['adjustLearningRate'], outputs: number, inputs: number): number {
  return kind === 'original'
    ? Math.sqrt(Math.max(1, outputs / inputs))
    : 0.2 * Math.sqrt(Math.max(outputs, inputs));
}
