import { models, type OptimizerName, optimizers } from '../contract/params.js';
import type { Component } from '../contract/run-spec.js';
import { withDefaults } from '../contract/schema.js';
import type { Engine } from '../engine/engine.js';
import { createModel } from '../models/registry.js';
import { createOptimizer } from '../optimizers/registry.js';

/** Settings that differ from the defaults, as torch_worker.py has them. */
const changes: Partial<Record<OptimizerName, object>> = { sgd: { momentum: 0.9, weightDecay: 5e-4 } };

/** A step over the 11.3 M parameters of a ResNet-18 of 200 classes, with gradients that stay the same. */
export function createOptimizerStep(engine: Engine, name: OptimizerName): { step: () => void } {
  const { tf } = engine;
  const model = createModel(
    withDefaults({ properties: models.resnet18 }, { name: 'resnet18' }) as Component,
    { channels: 3, classes: 200, imageSize: 40 },
  );
  const filled = (value: number) =>
    Object.fromEntries(
      model.entries
        .filter(entry => entry.role === 'parameter')
        .map(({ name, shape }) => [name, tf.fill([...shape], value)]),
    );
  const parameters = engine.variables(filled(0.1));
  const gradients = filled(0.01);
  const settings = withDefaults({ properties: optimizers[name] }, { ...changes[name] }) as object;
  const optimizer = createOptimizer({ name, ...settings }, engine, parameters);
  return {
    step() {
      optimizer.step(gradients, 1e-3);
      // Waits for a device that works on its own.
      parameters.read()['fc.bias']!.dataSync();
    },
  };
}
