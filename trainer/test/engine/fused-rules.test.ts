/** The kernels that the native engine takes steps with, beside the rules that they stand for. */
import { expect, it } from 'vitest';
import { type OptimizerName, optimizers } from '../../contract/params.js';
import { withDefaults } from '../../contract/schema.js';
import type { Engine } from '../../engine/engine.js';
import { createGenericUpdates } from '../../engine/reference/generic-updates.js';
import { createOptimizer } from '../../optimizers/registry.js';
import { onEngine } from '../on-engine.js';
import { tensor } from './engine-tensors.js';

const decay = { weightDecay: 0.1 };
const cases: [OptimizerName, object][] = [
  ['sgd', {}],
  ['sgd', { momentum: 0.9, dampening: 0.3, ...decay }],
  ['sgd', { momentum: 0.9, nesterov: true, ...decay }],
  ['adam', decay],
  ['adam', { amsgrad: true, ...decay }],
  ['adamw', decay],
  ['nadam', { decoupledWeightDecay: true, ...decay }],
  ['radam', decay],
  ['adamax', decay],
  ['adagrad', decay],
  ['adadelta', decay],
  ['rmsprop', decay],
  ['rmsprop', { momentum: 0.9, ...decay }],
  ['rmsprop', { momentum: 0.9, centered: true, ...decay }],
  ['lion', decay],
  ['lion', { betas: [0.3, 0.9], ...decay }],
];

/** Parameters and state after eight steps, by learning rates that are 0 once. */
function trained(engine: Engine, name: OptimizerName, settings: object): number[] {
  const { tf } = engine;
  const parameters = engine.variables({
    weight: tensor(engine, [5, 7], 1),
    bias: tensor(engine, [7], 2),
  });
  const component = withDefaults({ properties: optimizers[name] }, settings) as object;
  const optimizer = createOptimizer({ name, ...component }, engine, parameters);
  for (let step = 1; step <= 8; step++)
    tf.tidy(() => {
      const gradients = {
        weight: tensor(engine, [5, 7], 10 * step),
        bias: tensor(engine, [7], 10 * step + 1),
      };
      optimizer.step(gradients, step === 4 ? 0 : 0.01);
    });
  const all = { ...parameters.read(), ...optimizer.state() };
  const values = Object.values(all).flatMap(value => [...value.dataSync()]);
  optimizer.dispose();
  parameters.dispose();
  return values;
}

await onEngine('tensorflow', engine => {
  it.each(cases)('%s %j: the fused kernels do what the rule says', (name, settings) => {
    const fused = trained(engine, name, settings);
    const asRule = trained({ ...engine, updates: createGenericUpdates(engine.tf) }, name, settings);
    expect(fused.length).toBe(asRule.length);
    fused.forEach((value, index) => {
      expect(Math.abs(value - asRule[index]!)).toBeLessThan(2e-6 * (1 + Math.abs(asRule[index]!)));
    });
  });
});
