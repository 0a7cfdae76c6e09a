import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { laterSettings } from '../../../trainer/contract/later-settings.js';
import { formerCellIdOf } from '../../grid/identity/cell-id.js';
import { familyOf } from '../../store/sqlite/family.js';
import { cellsOf } from './grid-fixture.js';

const data = `
data: { name: tiny-imagenet-40, format: csv, root: data, images: train.zip, labels: train.csv }
`;

/** Grids as they once were, with the first of their ids and a hash of all of them, as results were found under. */
const grids: Record<string, { text: string; first: string; all: string }> = {
  'a sweep': {
    text: `${data}
objective: { metric: validationAccuracy, direction: maximize }
train: { epochs: 30, batchSize: 128, labelSmoothing: 0.1 }
axes:
  model:
    resnet18: &small { name: resnet18, stemKernel: 3, stemStride: 1, stemPool: none }
    pooled: { <<: *small, name: resnet34, stemPool: adaptiveMax, stemPoolSize: 20, dropout: 0.2 }
  optimizer:
    sgd: { name: sgd, learningRate: 0.1, momentum: 0.9, nesterov: true, weightDecay: 5e-4 }
    adamw: { name: adamw, learningRate: 1e-3, weightDecay: 1e-2 }
  scheduler: [{ name: plateau, metric: validationLoss, factor: 0.2, patience: 2 }, { name: cosine, warmupEpochs: 3 }]
  augmentation: { plain: none, mix: { transforms: [randomHorizontalFlip, normalize], mix: [cutMix, { name: mixUp, alpha: 0.2 }] } }
  optimizer.learningRate: { when: { optimizer: adamw }, values: [1e-3, 3e-3] }
exclude: [{ augmentation: mix, scheduler: plateau }]
include: [{ model: resnet18, optimizer: { name: adam }, scheduler: constant, augmentation: none }]
`,
    first: '2b1daeabd0c374a7',
    all: '3e36b31fc9597cfc',
  },
  'presets of augmentation': {
    text: `${data}
model: { name: resnet34, stemKernel: 3, stemStride: 1, stemPool: max, dropout: 0.5 }
optimizer: { name: adamw, learningRate: 1e-3, weightDecay: 1e-3 }
scheduler: { name: plateau, factor: 0.1, patience: 10 }
train: { epochs: 100, batchSize: 128, labelSmoothing: 0.1 }
axes: { augmentation: [reference, imagenet, cifar, none, { preset: reference, repeats: 3 }] }
`,
    first: '01f6b6fa128bd42f',
    all: '24db470ccddaa3a5',
  },
  'averaged weights and copies': {
    text: `
data: { format: mnist, limit: { imagesPerClass: 500 } }
train: { epochs: 4, accumulate: 2, ema: { decay: 0.9995 } }
augmentation: { mix: [mixUp], mixProbability: 0.5, expansion: { copies: 2, transforms: [randomCrop] } }
axes:
  model: [{ name: vit, patchSize: 7 }, { name: resnet20, width: 8, stemStride: 2 }]
  optimizer: [{ name: muon, learningRate: 0.02 }, { name: sgd, sam: { rho: 0.05 } }]
  seed: [0, 1]
`,
    first: '18c27c356fed5b6f',
    all: '8313e1bc00be3db2',
  },
  'another trainer': {
    text: `
trainer: { command: [python, train.py] }
model: { name: mine, 7: a }
params: { sizes: { 10: x, 2: y, 1e1x: z }, deep: [1, { b: 2, a: 1 }] }
axes: { params.depth: [6, 12], seed: [0, 1] }
`,
    first: 'b6c423e1e80f0b6e',
    all: 'd12fe49eed1a1e8c',
  },
};

const hashOf = (ids: readonly string[]) =>
  createHash('sha256')
    .update([...ids].sort().join())
    .digest('hex')
    .slice(0, 16);

describe('results found before are found: the ids of', () => {
  it('cells with another objective: those with the default one, since they are trained alike', () => {
    const { text, first, all } = grids['a sweep']!;
    const byLoss = text.replace(
      'validationAccuracy, direction: maximize',
      'validationLoss, direction: minimize',
    );
    expect(byLoss).not.toBe(text);
    const cells = cellsOf(byLoss);
    expect(cells[0]!.cellId).toBe(first);
    expect(hashOf(cells.map(({ cellId }) => cellId))).toBe(all);
    // By which a store of before is carried over.
    expect(formerCellIdOf(cells[0]!.spec)).toBe('f56ce433454f995d');
    expect(familyOf(cells[0]!.spec)).toBe(familyOf(cellsOf(text)[0]!.spec));
  });

  it.each(Object.entries(grids))('%s', (_, { text, first, all }) => {
    const ids = cellsOf(text).map(({ cellId }) => cellId);
    expect(ids[0]).toBe(first);
    expect(hashOf(ids)).toBe(all);
  });
});

it('a setting that came later, at its value of before, makes no other cell and no other family', () => {
  for (const [path, { neutral }] of Object.entries(laterSettings)) {
    const [section, ...rest] = path.split('.') as [string, ...string[]];
    const given: Record<string, Record<string, unknown>> = {
      model: { name: 'resnet20' },
      optimizer: { name: 'sgd' },
      ...(section === 'trainer' ? { trainer: { command: ['x'] } } : {}),
    };
    const without = cellsOf(JSON.stringify(given))[0]!;
    const value = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), neutral);
    given[section] = { ...given[section], ...(value as Record<string, unknown>) };
    const { spec, cellId } = cellsOf(JSON.stringify(given))[0]!;
    expect(spec, path).toEqual(without.spec);
    expect(cellId, path).toBe(without.cellId);
    expect(familyOf(spec), path).toBe(familyOf(without.spec));
  }
});
