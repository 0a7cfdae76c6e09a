import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openDataset } from '../../data/dataset.js';
import { inspectData } from '../../data/inspect.js';
import { temporaryFolder } from '../temporary-folder.js';
import { csvFolder, csvSpec, dataFolder, folderSpec, numberedImages } from './fixtures/data-folder.js';
import { jpeg, plainPng } from './fixtures/images.js';
import { zip } from './fixtures/zip.js';

test('class counts, sizes and splits', async () => {
  const root = dataFolder({
    'b/1.png': plainPng(1, 8),
    'b/2.jpg': jpeg(24),
    'b/3.png': plainPng(2, 8),
    'a/1.png': plainPng(3, 8),
    'a/2.png': plainPng(4, 8),
  });
  const found = await inspectData(folderSpec(root, { imageSize: 8 }));
  expect(found).toMatchObject({
    images: 5,
    validationImages: 1,
    classes: [
      { name: 'a', count: 2 },
      { name: 'b', count: 3 },
    ],
    imageSizes: [
      { height: 8, width: 8, count: 4 },
      { height: 24, width: 24, count: 1 },
    ],
    imageSize: 8,
    problems: [
      {
        severity: 'warning',
        key: 'validation.fraction',
        message: 'classes without a validation image, of 2: a',
      },
    ],
  });
  const sizeless = await inspectData(folderSpec(root));
  expect(sizeless.imageSize).toBeNull();
  expect(sizeless.problems).toEqual([
    {
      severity: 'error',
      key: 'imageSize',
      message: 'a size to resize to is needed, the images have 8×8 (4 images), 24×24 (1 images)',
    },
  ]);
});

test('the fingerprint is of the content: not of the place, the limit, the split, or how it is packed', async () => {
  const spec = csvSpec(csvFolder(12, 3));
  const { fingerprint } = await inspectData(spec);
  const same = [
    csvSpec(csvFolder(12, 3)),
    { ...spec, limit: { classes: 2, imagesPerClass: 2 } },
    { ...spec, validation: { ...spec.validation, seed: 7, fraction: 0.4 } },
    { ...spec, imageSize: 8, channels: 1 as const },
  ];
  for (const other of same) expect((await inspectData(other)).fingerprint).toBe(fingerprint);

  writeFileSync(join(spec.root, 'images.zip'), zip(numberedImages(12), { deflate: true }));
  expect((await inspectData(spec)).fingerprint).toBe(fingerprint);
  const files = Object.fromEntries(numberedImages(12));
  const table = `Id,Category\n${Array.from({ length: 12 }, (_, i) => `train/${i}.png,${i % 3}`).join('\n')}`;
  const unpacked = csvSpec(dataFolder({ ...files, 'train.csv': table }), { images: '.' });
  expect((await inspectData(unpacked)).fingerprint).toBe(fingerprint);

  for (const other of [csvSpec(csvFolder(12, 2)), csvSpec(csvFolder(13, 3))])
    expect((await inspectData(other)).fingerprint).not.toBe(fingerprint);
});

test('images that can’t be used are named', async () => {
  const root = dataFolder({
    'images.zip': zip([...numberedImages(4), ['train/y.png', Buffer.from('no')]]),
    'train.csv': 'Id,Category\ntrain/0.png,a\ntrain/1.png,b\ntrain/y.png,b\n',
  });
  const { problems } = await inspectData(csvSpec(root));
  expect(problems.map(({ message }) => message)).toContain(
    '1 of 3 images can’t be used (data.skipBad: true leaves them out): train/y.png: is text (“no”), expected a JPEG, PNG or WebP',
  );
});

test('images that can only be told by decoding are found, all of them, and nothing is kept', async () => {
  const cut = jpeg(16).subarray(0, -40);
  const video = Buffer.from('\0\0\0\x18ftypmp42');
  const root = dataFolder({
    'a/1.jpg': cut,
    'a/2.jpg': jpeg(16, 2),
    'b/1.jpg': Buffer.concat([jpeg(16, 3), video]),
    'b/2.png': jpeg(16, 4),
    'b/3.jpg': Buffer.from('GIF89a'),
  });
  const cacheDir = temporaryFolder();
  const found = await inspectData(folderSpec(root), { cacheDir });
  expect(found.problems).toEqual([
    {
      severity: 'error',
      key: 'images',
      message:
        '2 of 5 images can’t be used (data.skipBad: true leaves them out): a/1.jpg: the file is cut off, b/3.jpg: is a GIF image, expected a JPEG, PNG or WebP',
    },
  ]);
  expect(readdirSync(cacheDir).filter(name => name.startsWith('images-'))).toEqual([]);
  const skipping = await inspectData(folderSpec(root, { skipBad: true }), { cacheDir });
  expect(skipping).toMatchObject({ images: 3, classes: [{ count: 1 }, { count: 2 }] });
  expect(skipping.problems.map(({ severity }) => severity)).not.toContain('error');
});

test('images are decoded for the runs', async () => {
  const spec = csvSpec(csvFolder(12, 2));
  const cacheDir = temporaryFolder();
  await inspectData(spec, { cacheDir });
  const kept = readdirSync(cacheDir).filter(name => name.startsWith('images-'));
  expect(kept).toHaveLength(1);
  await openDataset(spec, { cacheDir, log: () => {} });
  expect(readdirSync(cacheDir).filter(name => name.startsWith('images-'))).toEqual(kept);
});

test('is remembered until a file changes', async () => {
  const root = csvFolder(12, 2);
  const cacheDir = temporaryFolder();
  const first = await inspectData(csvSpec(root), { cacheDir });
  expect(await inspectData(csvSpec(root), { cacheDir })).toEqual(first);
  writeFileSync(join(root, 'train.csv'), 'Id,Category\ntrain/0.png,a\n');
  const second = await inspectData(csvSpec(root), { cacheDir });
  expect(second.images).toBe(1);
  expect(second.problems.map(({ message }) => message)).toContain(
    'at least 2 classes are needed, there is only a',
  );
});

test('files that are replaced in a folder are seen', async () => {
  const root = dataFolder({
    'a/1.png': plainPng(1),
    'a/2.png': plainPng(2),
    'b/1.png': plainPng(3),
    'b/2.png': plainPng(4),
  });
  const cacheDir = temporaryFolder();
  const before = await inspectData(folderSpec(root), { cacheDir });
  expect(await inspectData(folderSpec(root), { cacheDir })).toEqual(before);
  writeFileSync(join(root, 'a/1.png'), plainPng(50));
  expect((await inspectData(folderSpec(root), { cacheDir })).fingerprint).not.toBe(before.fingerprint);
});
