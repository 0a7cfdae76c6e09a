import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { modelProblem } from '../../../trainer/contract/params.js';
import { expandGrid } from '../../grid/expand.js';
import { parseGrid } from '../../grid/load.js';

const folder = fileURLToPath(new URL('../../../../grids/', import.meta.url));
const files = ['', 'reference/'].flatMap(part =>
  readdirSync(folder + part)
    .filter(name => name.endsWith('.yaml') && !name.startsWith('slots'))
    .map(name => part + name),
);

it('there is a grid for each section of the report', () => {
  expect(files.filter(name => name.startsWith('reference/'))).toEqual([
    'reference/densenet.yaml',
    'reference/efficientnet.yaml',
    'reference/resnet18.yaml',
    'reference/resnet34-final.yaml',
    'reference/resnet34-tried.yaml',
    'reference/transformers.yaml',
  ]);
});

it.each(files)('%s: every cell is valid, and its model takes images of its data', file => {
  const cells = expandGrid(parseGrid(folder + file, readFileSync(folder + file, 'utf8')));
  expect(cells.length).toBeGreaterThan(0);
  const size = file === 'quickstart.yaml' ? 28 : 40;
  for (const { spec } of cells) expect(modelProblem(spec.model, spec.data.imageSize ?? size)).toBeUndefined();
});

const cellsOf = (name: string) => {
  const file = `${folder}reference/${name}.yaml`;
  return expandGrid(parseGrid(file, readFileSync(file, 'utf8')));
};

it('the last setting of the report is as it was published', () => {
  const [cell] = cellsOf('resnet34-final');
  expect(cell!.spec).toMatchObject({
    model: { name: 'resnet34', stemKernel: 3, stemStride: 2, stemPool: 'max', dropout: 0.5 },
    optimizer: { name: 'adamw', learningRate: 1e-3, weightDecay: 1e-3 },
    scheduler: { name: 'plateau', factor: 0.1, patience: 10 },
    train: { epochs: 100, batchSize: 64, labelSmoothing: 0.1 },
    data: { validation: { source: 'split', fraction: 0.2 } },
    augmentation: { mixEvery: 'epoch', mixProbability: 1, expansion: null },
  });
  const { transforms, mix } = cell!.spec.augmentation;
  expect([...transforms, ...mix].map(({ name }) => name).join(' ')).toBe(
    'randomResizedCrop randomHorizontalFlip randAugment normalize randomErasing cutMix mixUp',
  );
  expect(transforms[3]).toMatchObject({
    mean: [0.485, 0.456, 0.406],
    standardDeviation: [0.229, 0.224, 0.225],
  });
});

it('what the report tried beside it differs in one thing each, and holds it', () => {
  const [last] = cellsOf('resnet34-final');
  const tried = cellsOf('resnet34-tried');
  expect(tried[0]!.cellId).toBe(last!.cellId);
  const changes = tried.map(({ spec }) =>
    Object.entries(spec).flatMap(([section, value]) =>
      JSON.stringify(value) === JSON.stringify(last!.spec[section as keyof typeof spec]) ? [] : [section],
    ),
  );
  expect(changes).toEqual([
    [],
    ['augmentation'],
    ['augmentation'],
    ['scheduler'],
    ['model'],
    ['model'],
    ['model'],
  ]);
});

it('the other settings of the report are as it gives them', () => {
  expect(cellsOf('resnet18').map(({ spec }) => spec.train.batchSize)).toEqual([64, 32, 128]);
  expect(cellsOf('resnet18')[0]!.spec).toMatchObject({
    model: { name: 'resnet18', stemKernel: 3, stemPool: 'adaptiveMax', dropout: 0.5 },
    optimizer: { name: 'sgd', learningRate: 1e-3, momentum: 0.9, weightDecay: 1e-3 },
    scheduler: { name: 'plateau', factor: 0.5, patience: 8 },
  });
  const densenet = cellsOf('densenet');
  expect(densenet.map(({ spec }) => spec.optimizer.name)).toEqual(['adamw', 'sgd', 'adam']);
  for (const { spec } of densenet)
    expect(spec).toMatchObject({ optimizer: { learningRate: 1e-3 }, train: { epochs: 80 } });
  expect(cellsOf('efficientnet')[0]!.spec).toMatchObject({
    model: { name: 'efficientnetB0', stemStride: 2 },
    augmentation: { expansion: { copies: 1, keepOriginals: true } },
  });
  expect(cellsOf('transformers').map(({ spec }) => [spec.model.name, spec.data.imageSize])).toEqual([
    ['swinTiny', 224],
    ['vitB16', 224],
  ]);
});
