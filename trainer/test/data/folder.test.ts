import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectData } from '../../data/inspect.js';
import { dataFolder, folderSpec } from './fixtures/data-folder.js';
import { plainPng } from './fixtures/images.js';
import { problemsOf } from './fixtures/problems-of.js';
import { zip } from './fixtures/zip.js';

const files = (prefix: string, classes: string[], count: number): Record<string, Uint8Array> =>
  Object.fromEntries(
    classes.flatMap((name, label) =>
      Array.from({ length: count }, (_, i) => [`${prefix}${name}/${i}.png`, plainPng(10 * label + i)]),
    ),
  );
const ownValidation = { source: 'files' as const, fraction: 0.2, stratified: true, seed: 0 };

test('one folder a class; numbers sort as numbers', async () => {
  const found = await inspectData(folderSpec(dataFolder(files('', ['10', '9', '2'], 5))));
  expect(found.classes.map(({ name }) => name)).toEqual(['2', '9', '10']);
  expect(found).toMatchObject({ images: 15, validationImages: 3, problems: [] });
});

test('names sort by code units where any is no number', async () => {
  const found = await inspectData(folderSpec(dataFolder(files('', ['b', '10', 'é', 'Z', '9'], 2))));
  expect(found.classes.map(({ name }) => name)).toEqual(['10', '9', 'Z', 'b', 'é']);
});

test('a zip of class folders, or a folder in the root, hold the same', async () => {
  const images = files('', ['cat', 'dog'], 5);
  const inZip = await inspectData(
    folderSpec(dataFolder({ 'all.zip': zip(Object.entries(images)) }), { images: 'all.zip' }),
  );
  const inFolder = await inspectData(
    folderSpec(dataFolder(files('photos/', ['cat', 'dog'], 5)), { images: 'photos' }),
  );
  expect(inZip).toMatchObject({ images: 10, problems: [] });
  expect(inFolder.fingerprint).toBe(inZip.fingerprint);
});

test('train and validation folders', async () => {
  const root = dataFolder({ ...files('train/', ['cat', 'dog'], 5), ...files('val/', ['cat', 'dog'], 2) });
  const found = await inspectData(folderSpec(root, { validation: ownValidation }));
  expect(found).toMatchObject({ images: 10, validationImages: 4, problems: [] });
  expect(await problemsOf(folderSpec(root))).toEqual([
    'images: has the folders train and val: set data.validation.source to files, or data.images to the train folder',
  ]);
  expect(await problemsOf(folderSpec(root, { images: 'train', validation: ownValidation }))).toEqual([
    'images: expected the folders train and validation, found cat, dog',
  ]);
});

test('what lies beside the class folders is told', async () => {
  const root = dataFolder({
    ...files('', ['cat', 'dog'], 5),
    'loose.png': plainPng(1),
    'cat/notes.txt': 'x',
    '.hidden/x.png': plainPng(1),
    'dog/Thumbs.db': 'x',
  });
  expect(await problemsOf(folderSpec(root))).toEqual([
    'images: images that lie in no class folder: loose.png',
  ]);
  expect(await problemsOf(folderSpec(root), 'warning')).toEqual([
    'images: no JPEG, PNG or WebP by its name, left out: cat/notes.txt',
  ]);
});

test('symbolic links may lead to other places in the data folder only', async () => {
  const elsewhere = dataFolder({ 'x.png': plainPng(1) });
  const root = dataFolder(files('', ['cat', 'dog'], 5));
  symlinkSync(join(root, 'cat/0.png'), join(root, 'dog/inside.png'));
  expect((await inspectData(folderSpec(root))).images).toBe(11);
  symlinkSync(join(elsewhere, 'x.png'), join(root, 'dog/outside.png'));
  symlinkSync(elsewhere, join(root, 'bird'));
  symlinkSync(join(root, 'gone.png'), join(root, 'cat/gone.png'));
  symlinkSync(join(root, 'cat'), join(root, 'cat/circle'));
  const problems = (await problemsOf(folderSpec(root))).sort();
  expect(problems).toEqual([
    expect.stringMatching(/leads back to a folder around it: cat\/circle$/),
    expect.stringMatching(/leads nowhere: cat\/gone\.png$/),
    expect.stringMatching(/leaves the data folder: (bird, dog\/outside\.png|dog\/outside\.png, bird)$/),
  ]);
});

test('links that lead to each other have an end', async () => {
  const root = dataFolder(files('', ['cat', 'dog'], 5));
  symlinkSync(join(root, 'cat'), join(root, 'dog/cats'));
  symlinkSync(join(root, 'dog'), join(root, 'cat/dogs'));
  const problems = await problemsOf(folderSpec(root));
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('leads back to a folder around it');
});

test('an empty folder, one class, one image a class', async () => {
  expect(await problemsOf(folderSpec(dataFolder({})))).toEqual([
    expect.stringMatching(/^images: there is no JPEG, PNG or WebP in/),
  ]);
  expect(await problemsOf(folderSpec(dataFolder(files('', ['cat'], 5))))).toEqual([
    'images: at least 2 classes are needed, there is only cat',
  ]);
  expect(await problemsOf(folderSpec(dataFolder(files('', ['cat', 'dog'], 1))))).toEqual([
    'validation.fraction: no image of 2 is left for validation',
  ]);
});
