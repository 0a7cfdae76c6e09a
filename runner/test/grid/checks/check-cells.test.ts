import { describe, expect, it } from 'vitest';
import type { DataInspection } from '../../../../trainer/contract/events.js';
import { describeProblem, GridError } from '../../../domain/problem.js';
import { checkCells, distinctData } from '../../../grid/checks/check-cells.js';
import { expandGrid } from '../../../grid/expand.js';
import { base, gridOf } from '../grid-fixture.js';

const inspection: DataInspection = {
  fingerprint: 'f',
  images: 100,
  validationImages: 20,
  classes: [],
  imageSizes: [{ height: 28, width: 28, count: 100 }],
  imageSize: 28,
  problems: [],
};

function check(text: string, found: Partial<DataInspection>) {
  const grid = gridOf(text);
  const cells = expandGrid(grid);
  const inspections = new Map(distinctData(cells).map(data => [data, { ...inspection, ...found }]));
  const inWords = (problems: readonly Parameters<typeof describeProblem>[0][]) =>
    problems.map(problem => describeProblem(problem).replace('/grids/a.yaml:', ''));
  try {
    return { warnings: inWords(checkCells(grid, cells, inspections)), errors: [] };
  } catch (error) {
    if (!(error instanceof GridError)) throw error;
    return { warnings: [], errors: inWords(error.problems) };
  }
}

describe('checks of cells against the data', () => {
  it('find nothing wrong with what is right', () => {
    expect(check(`${base}axes: {seed: [1, 2]}\n`, {})).toEqual({ warnings: [], errors: [] });
  });

  it('place what the inspection found at the keys of data', () => {
    const text = `${base}data:\n  limit: {imagesPerClass: 3}\n`;
    expect(
      check(text, { problems: [{ severity: 'error', key: 'limit.imagesPerClass', message: 'too few' }] })
        .errors,
    ).toEqual(['4:27 data.limit.imagesPerClass: too few']);
    expect(
      check(text, { problems: [{ severity: 'warning', key: 'columns.id', message: 'odd' }] }).warnings,
    ).toEqual(['4:3 data.columns.id: odd']);
  });

  it('tell all at once: model, batch size, augmentation', () => {
    const text = `${base}axes:\n  model:\n    - resnet20\n    - {name: resnet18, stemKernel: 4}\n    - {name: resnet18, stemPool: adaptiveMax}\n  train.batchSize: {a: 80, b: 81}\naugmentation:\n  transforms: [{name: randomCrop, padding: 28, paddingMode: reflect}, normalize]\n`;
    expect(check(text, {}).errors).toEqual([
      '6:7 axes.model[1]: resnet18: stemKernel must be odd, got 4',
      expect.stringMatching(/^7:7 axes\.model\[2\]: resnet18: stemPoolSize 20 is larger than the 14×14/),
      '8:31 axes.train.batchSize.b: must be ≤ the 80 training images, got 81',
      '10:44 augmentation.transforms[0].padding: must be < the image size (28) with paddingMode reflect',
    ]);
  });

  it.each([
    [
      'one image is left for the last batch',
      '{batchSize: 13}',
      32,
      14,
      /^\S+ train.batchSize: resnet18 makes 1×1.*14 training.*one is left.*dropLast/,
    ],
    [
      'batches are of one image',
      '{batchSize: 1}',
      32,
      14,
      /^\S+ train.batchSize: resnet18 makes 1×1 maps of 32×32.*batches of 1/,
    ],
    ['the last batch is dropped', '{batchSize: 13, dropLast: true}', 32, 14, undefined],
    ['two are left', '{batchSize: 12}', 32, 14, undefined],
    ['the last map has more than a pixel', '{batchSize: 1}', 33, 14, undefined],
    [
      'copies fill the last batch',
      '{batchSize: 13}\naugmentation: {expansion: {copies: 1, transforms: [randomHorizontalFlip]}}',
      32,
      14,
      undefined,
    ],
    ['all is frozen, which the trainer judges', '{batchSize: 1, freeze: ["*"]}', 32, 14, undefined],
  ])('of batch norm, where %s', (_, train, imageSize, trainImages, expected) => {
    const text = `model: resnet18\noptimizer: sgd\ndata: {imageSize: ${imageSize}}\ntrain: ${train}\n`;
    const { errors } = check(text, { imageSize, images: trainImages + 6, validationImages: 6 });
    expect(errors).toEqual(expected === undefined ? [] : [expect.stringMatching(expected)]);
  });

  it('want an image size where images differ', () => {
    const imageSizes = [
      { height: 28, width: 28, count: 99 },
      { height: 30, width: 28, count: 1 },
    ];
    expect(check(`${base}data: {channels: 1}\n`, { imageSize: null, imageSizes }).errors).toEqual([
      '3:7 data.imageSize: must be given, since the images have 2 sizes: 28×28 (99), 30×28 (1)',
    ]);
  });

  it('inspect each data once, and none of an external trainer', () => {
    const cells = (text: string) => expandGrid(gridOf(text));
    expect(distinctData(cells(`${base}axes: {data.limit.classes: [2, 3], seed: [1, 2]}\n`))).toHaveLength(2);
    expect(distinctData(cells('trainer: {command: [x]}\n'))).toEqual([]);
  });
});
