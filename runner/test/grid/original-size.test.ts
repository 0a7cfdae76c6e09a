/** `data.shortSide` and `data.skipBad`: what they must fit, and that they change nothing where they are not set. */
import { expect, it } from 'vitest';
import { checkCells, distinctData } from '../../grid/checks/check-cells.js';
import { expandGrid } from '../../grid/expand.js';
import { base, cellsOf, gridOf, problemsOf } from './grid-fixture.js';

const cropping = 'augmentation: {transforms: [randomResizedCrop, normalize]}\n';

it('their values of before are no part of a cell', () => {
  const [plain] = cellsOf(`${base}data: {imageSize: 20}\n`);
  const [written] = cellsOf(`${base}data: {imageSize: 20, skipBad: false, shortSide: null}\n`);
  expect(written!.cellId).toBe(plain!.cellId);
  expect(Object.keys(plain!.spec.data)).not.toContain('skipBad');
  expect(Object.keys(plain!.spec.data)).not.toContain('shortSide');
  const others = ['skipBad: true', 'shortSide: 24'].map(
    setting => cellsOf(`${base}data: {imageSize: 20, ${setting}}\n`)[0]!.cellId,
  );
  expect(new Set([plain!.cellId, ...others]).size).toBe(3);
});

it.each([
  ['data: {shortSide: 30}\n', '3:19 data.shortSide: needs data.imageSize, the size of the crops'],
  ['data: {imageSize: 32, shortSide: 30}\n', '3:34 data.shortSide: must be ≥ data.imageSize (32), got 30'],
  [
    'data: {imageSize: 28, shortSide: 32}\naugmentation: {transforms: [randomHorizontalFlip, randomResizedCrop, normalize]}\n',
    '4:51 augmentation.transforms[1]: must be the first transform with data.shortSide: it crops from the larger images',
  ],
  [
    `data: {imageSize: 28, shortSide: 32}\naugmentation: {transforms: [randomResizedCrop, normalize], expansion: {transforms: [randomHorizontalFlip]}}\n`,
    '4:71 augmentation.expansion: doesn’t go with a randomResizedCrop and data.shortSide',
  ],
])('%s', (text, problem) => {
  expect(problemsOf(base + text)).toEqual([problem]);
});

it.each([
  [`data: {imageSize: 28}\n${cropping}`, [{ height: 60, width: 80 }], 1],
  [`data: {imageSize: 28}\n${cropping}`, [{ height: 28, width: 28 }], 0],
  [`data: {imageSize: 28}\n`, [{ height: 60, width: 80 }], 0],
  [`data: {imageSize: 28, shortSide: 32}\n${cropping}`, [{ height: 60, width: 80 }], 0],
])('a crop of squashed images is told of: %j of images of %j', (text, sizes, notes) => {
  const grid = gridOf(base + text);
  const cells = expandGrid(grid);
  const inspection = {
    fingerprint: 'f',
    images: 100,
    validationImages: 20,
    classes: [],
    imageSizes: sizes.map(size => ({ ...size, count: 100 })),
    imageSize: 28,
    problems: [],
  };
  const warnings = checkCells(grid, cells, new Map(distinctData(cells).map(data => [data, inspection])));
  expect(warnings.map(({ message }) => message)).toEqual(
    Array.from(
      { length: notes },
      () =>
        'images of 60×80 and others are squashed to 28×28 before randomResizedCrop; data.shortSide: 32 lets it crop from larger ones, as torchvision does',
    ),
  );
});
