import type { Engine } from '../backend/engine.js';
import { createModel } from '../models/registry.js';
import { createOptimizer } from '../optimizers/registry.js';

/** An Adam step over the 11.3 M parameters of a ResNet-18 of 200 classes, with gradients that stay the same. */
export function createAdamStep(engine: Engine): { step: () => void } {
  const { tf } = engine;
  const model = createModel(
    {
      name: 'resnet18',
      ...{
        width: 64,
        stemKernel: 7,
        stemStride: 2,
        stemPool: 'max',
        stemPoolSize: 20,
        dropout: 0,
        hiddenLayers: [],
      },
    },
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
  const settings = { name: 'adam', betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0 };
  const optimizer = createOptimizer(settings, engine, parameters);
  return {
    step() {
      optimizer.step(gradients, 1e-3);
      // Waits for a device that works on its own.
      parameters.read()['fc.bias']!.dataSync();
    },
  };
}
