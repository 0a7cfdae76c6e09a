import { describe, expect, it } from 'vitest';
import { convnets } from '../../contract/params/convnets.js';
import { modelProblem } from '../../contract/params.js';
import { scaledChannels } from '../../models/channels.js';
import { initialState } from '../../models/initialize.js';
import { parameterCount } from '../../models/model.js';
import { onEngine } from '../on-engine.js';
import { buildModel } from './golden-model.js';

type Name = keyof typeof convnets;

const withDefaults = (name: Name, parameters: object = {}) => ({
  name,
  ...Object.fromEntries(Object.entries(convnets[name]).map(([key, schema]) => [key, schema.default])),
  ...parameters,
});

describe('sizes of images', () => {
  it.each([
    ['resnet18', {}, 8, 9],
    ['resnet56', {}, 1, 2],
    ['densenet121', {}, 28, 29],
    ['densenet121', { stemKernel: 3, stemStride: 1, stemPool: 'none' }, 7, 8],
    ['efficientnetB0', {}, 8, 9],
    ['mobilenetV3Small', { stemStride: 1 }, 4, 5],
    ['convnextAtto', {}, 31, 32],
    ['convnextPico', { stemKernel: 2, stemStride: 2 }, 15, 16],
    ['resnet20', { pool: 'adaptiveMax', poolSize: 4 }, 12, 13],
  ] as const)('%s %j: %d is too small, %d is the smallest', (name, parameters, wrong, smallest) => {
    const model = withDefaults(name, parameters);
    expect(modelProblem(model, smallest)).toBeUndefined();
    const problem = modelProblem(model, wrong);
    expect(problem).toContain(`${wrong}×${wrong}`);
    expect(problem).toContain(`with these settings it takes ${smallest}×${smallest} and larger`);
  });

  it.each([
    ['convnextAtto', { stemKernel: 4, stemStride: 2 }, /odd or equal to stemStride \(2\), got 4/],
    ['efficientnetB0', { stemKernel: 2 }, /stemKernel must be odd, got 2/],
    ['resnet18', { stemPool: 'adaptiveMax', stemPoolSize: 21 }, /stemPoolSize 21 is larger than the 20×20/],
    ['densenet121', {}, undefined],
  ] as const)('%s %j on 40×40', (name, parameters, message) => {
    const problem = modelProblem(withDefaults(name, parameters), 40);
    if (message) expect(problem).toMatch(message);
    else expect(problem).toBeUndefined();
  });
});

describe('options', () => {
  /** Of torchvision 0.28 (the CIFAR ResNets: built of its BasicBlock) and timm 1.0.29, with 200 classes. */
  it.each([
    ['resnet20', {}, 284824],
    ['resnet32', {}, 479256],
    ['resnet56', {}, 868120],
    ['convnextPico', {}, 8635272],
    ['efficientnetB0', { width: 0.5 }, 1199722],
    ['mobilenetV3Small', { width: 0.5 }, 506864],
    ['densenet121', { growthRate: 12, width: 24 }, 1076696],
  ] as const)('%s %j has %d parameters', (name, parameters, count) => {
    expect(parameterCount(buildModel(name, parameters))).toBe(count);
  });

  it('channel counts are multiples of 8 and at most 10% below what was asked for', () => {
    expect([3, 12, 19, 27, 35, 320 * 1.4].map(count => scaledChannels(count))).toEqual([
      8, 16, 24, 32, 32, 448,
    ]);
  });
});

await onEngine('cpu', ({ tf, ops }) => {
  it.each(Object.keys(convnets) as Name[])(
    '%s gives logits with every option, at the smallest size',
    name => {
      const narrow =
        name.startsWith('efficient') || name.startsWith('mobile') ? { width: 0.1 } : { width: 4 };
      const parameters = {
        ...{ stemKernel: 3, stemStride: 1, stemPool: 'max', pool: 'adaptiveMax', poolSize: 2 },
        ...{ dropout: 0.1, hiddenLayers: [5], stochasticDepth: 0.3, growthRate: 2 },
        ...narrow,
      };
      let size = 1;
      while (modelProblem(withDefaults(name, parameters), size) !== undefined) size++;
      const model = buildModel(name, parameters, 3);
      const values = initialState(model, 0);
      tf.tidy(() => {
        const tensors = Object.fromEntries(
          model.entries
            .filter(({ role }) => role !== 'counter')
            .map(({ name, shape }) => [name, tf.tensor(values[name]!, [...shape])]),
        );
        const context = { tf, ops, tensors, training: true, seed: 0, step: 0 };
        const logits = model.forward(tf.randomNormal([4, size, size, 3], 0, 1, 'float32', 1), context);
        expect(logits.shape).toEqual([4, 3]);
        expect([...logits.dataSync()].every(Number.isFinite)).toBe(true);
      });
    },
  );
});
