import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeData } from '../../../data/report/describe-data.js';
import { temporaryFolder } from '../../temporary-folder.js';
import { csvSpec, dataFolder, folderSpec } from '../fixtures/data-folder.js';
import { jpeg, plainPng } from '../fixtures/images.js';
import { zip } from '../fixtures/zip.js';

const options = () => ({
  samplesPerClass: 2,
  cacheDir: temporaryFolder(),
  outDir: temporaryFolder(),
  log: () => {},
});

it('counts classes and parts, measures the training images, names leaks and conflicts', async () => {
  const files = Array.from({ length: 12 }, (_, i): [string, Uint8Array] => [`${i}.png`, plainPng(20 * i)]);
  const validation = Array.from({ length: 4 }, (_, i): [string, Uint8Array] => [
    `v${i}.png`,
    // The first is a training image of its class, the second one of another class.
    plainPng(i === 0 ? 0 : i === 1 ? 40 : 201 + i),
  ]);
  const root = dataFolder({
    'images.zip': zip([...files, ...validation]),
    'train.csv': `Id,Category\n${files.map(([name], i) => `${name},${i % 3}`).join('\n')}\n`,
    'val.csv': `Id,Category\n${validation.map(([name], i) => `${name},${i % 3}`).join('\n')}\n`,
  });
  const spec = csvSpec(root, { validationLabels: 'val.csv' });
  const { outDir, ...rest } = options();
  const { content, inspection } = await describeData(
    { ...spec, validation: { ...spec.validation, source: 'files' } },
    { ...rest, outDir },
  );
  expect(inspection.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(content!.classes.map(({ name, train, validation }) => [name, train, validation])).toEqual([
    ['0', 4, 2],
    ['1', 4, 1],
    ['2', 4, 1],
  ]);
  const levels = files.map((_, i) => (20 * i) / 255);
  const mean = levels.reduce((sum, level) => sum + level, 0) / 12;
  const variance = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / 12;
  for (const channel of content!.channels) {
    expect(channel.mean).toBeCloseTo(mean, 12);
    expect(channel.standardDeviation).toBeCloseTo(Math.sqrt(variance), 12);
  }
  expect(content!.exact).toMatchObject({ count: 2, leaks: 2, conflicts: 1 });
  expect(content!.exact.groups[0]!.images).toEqual([
    { name: '2.png', class: '2', part: 'train' },
    { name: 'v1.png', class: '1', part: 'validation' },
  ]);
  for (const { sheet } of content!.classes) expect(existsSync(join(outDir, sheet.file))).toBe(true);
});

it('chooses a size for images of several, and says so', async () => {
  const root = dataFolder({
    'a/1.png': plainPng(1, 8),
    'a/2.png': plainPng(2, 8),
    'b/1.jpg': jpeg(24),
    'b/2.png': plainPng(9, 8),
  });
  const { content } = await describeData(folderSpec(root), options());
  expect(content).toMatchObject({ isSizeChosen: true, height: 64, width: 64 });
});

it('says what is wrong with data that can’t be used', async () => {
  const { content, inspection } = await describeData(
    folderSpec(dataFolder({ 'a/1.png': plainPng(1), 'a/2.png': Buffer.from('no image') })),
    options(),
  );
  expect(content).toBeNull();
  expect(inspection.problems.length).toBeGreaterThan(0);
});
