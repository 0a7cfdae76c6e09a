/** Exponential moving average of a network's weights. */

import type { EmaSpec } from '../contract/run-spec.js';
import type { Engine, VariableSet } from '../engine/engine.js';
import { Network } from './network.js';

/**
 * Share of the average that the update with this 1-based number keeps: timm's `ModelEmaV3.get_decay`, with its gamma 1 and
 * power 2/3. The first update copies, whatever the settings.
 */
function decayAt({ decay, warmup }: EmaSpec, update: number): number {
  if (update === 1) return 0;
  return warmup ? Math.min(decay, 1 - update ** (-2 / 3)) : decay;
}

/**
 * The average as a network of its own. Running statistics are averaged as parameters are, like in timm's ModelEmaV3 and
 * torchvision's ExponentialMovingAverage by default; what is frozen is copied at the beginning, once for all. How
 * many updates there were is a function of the steps, so its weights are all the state it has.
 */
export class AveragedWeights {
  readonly network: Network;

  /** `values`: what it starts from, those of `source` or of a checkpoint. */
  constructor(
    private readonly engine: Engine,
    private readonly source: Network,
    private readonly settings: EmaSpec,
    values: Readonly<Record<string, Float32Array>>,
  ) {
    this.network = new Network(source.model, engine, values, source.frozen);
  }

  /** Takes in the weights after so many optimizer steps, if it is their turn. */
  update(steps: number): void {
    const { updateEvery } = this.settings;
    if (steps % updateEvery !== 0) return;
    // Rounded first: the two shares must add up to 1 in float32, or the average would drift off.
    const keep = Math.fround(decayAt(this.settings, steps / updateEvery));
    const { source, network } = this;
    this.#blend(network.parameters, source.parameters, keep);
    this.#blend(network.buffers, source.buffers, keep);
  }

  dispose(): void {
    this.network.dispose();
  }

  #blend(average: VariableSet, source: VariableSet, keep: number): void {
    const scalars = { keep, rest: 1 - keep };
    const moving = average.names.filter(name => !this.source.frozen.has(name));
    const target = { parameters: average, slots: {} };
    this.engine.updates.apply('average', target, source.read(), new Map(moving.map(name => [name, scalars])));
  }
}
