import { describe, expect, test } from 'vitest';
import { folderLayout } from '../../data/formats/folder-parts.js';
import { inspectData } from '../../data/inspect.js';
import { partOf } from '../../data/part-names.js';
import { dataFolder, folderSpec } from './fixtures/data-folder.js';
import { plainPng } from './fixtures/images.js';
import { problemsOf } from './fixtures/problems-of.js';
import { zip } from './fixtures/zip.js';

/** Two images in each of these folders. */
const imagesIn = (folders: string[]) => folders.flatMap(folder => [`${folder}/1.png`, `${folder}/2.png`]);
const classes = (...around: string[]) => around.flatMap(folder => [`${folder}cat`, `${folder}dog`]);

test.each([
  ['train', 'train', true],
  ['Train', 'train', true],
  ['TRAINING', 'train', true],
  ['training_set', 'train', true],
  ['trainImages', 'train', true],
  ['seg_train', 'train', false],
  ['train-2', 'train', true],
  ['valid', 'validation', true],
  ['Val', 'validation', true],
  ['testing', 'test', true],
  ['Test_Images', 'test', true],
])('%s is a part', (name, part, isExact) => {
  expect(partOf(name)).toEqual({ part, isExact });
});

test.each(['cat', 'trains', 'contest', 'latest', 'trainval', 'train_test_split', 'invalid', '7'])(
  '%s is no part',
  name => {
    expect(partOf(name)).toBeUndefined();
  },
);

describe('class folders', () => {
  test.each([
    ['as they are', classes(''), ''],
    ['in a folder around them', classes('pets/'), 'pets/'],
    ['in two', classes('archive/pets/'), 'archive/pets/'],
    ['in the training part alone', classes('Train/'), 'Train/'],
    ['of vehicles, a train among them', ['car', 'train', 'bus'], ''],
    ['with folders in them', ['cat/indoor', 'cat/outdoor', 'dog/indoor', 'dog/outdoor'], ''],
  ])('%s', (_, folders, prefix) => {
    expect(folderLayout(imagesIn(folders))).toMatchObject({ kind: 'classes', prefix });
  });

  test.each([
    [
      'parts in classes',
      ['cat/train', 'cat/test', 'dog/train', 'dog/test'],
      /parts train, test in the class folder cat/,
    ],
    [
      'folders in classes',
      ['cat/in', 'cat/out', 'dog/in', 'dog/out'],
      /2 of 2 class folders hold folders alone.*in, out/,
    ],
    ['a test part among them', [...classes(''), 'Test'], /the folder Test \(2 images\) is taken for a class/],
  ])('%s are doubtful', (_, folders, doubt) => {
    expect(folderLayout(imagesIn(folders))).toMatchObject({ doubt: expect.stringMatching(doubt) });
  });
});

describe('parts', () => {
  test.each([
    ['train/', 'test/'],
    ['Train/', 'Test/'],
    ['pets/training/', 'pets/testing/'],
    ['seg_train/seg_train/', 'seg_test/seg_test/'],
    ['training_set/training_set/', 'test_set/test_set/'],
  ])('a test part is left out: %s %s', (train, held) => {
    expect(folderLayout(imagesIn(classes(train, held)))).toMatchObject({
      kind: 'parts',
      train: { prefix: train },
      validation: null,
      leftOut: [expect.stringContaining('(4 images)')],
    });
  });

  test.each([
    ['train/', 'val/'],
    ['TRAIN/', 'VALID/'],
    ['x/Training/', 'x/Validation/'],
    ['train/', 'dev/dev/'],
  ])('%s and %s', (train, held) => {
    const layout = folderLayout(imagesIn([...classes(train, held)]));
    expect(layout).toMatchObject({ kind: 'parts', train: { prefix: train }, validation: { prefix: held } });
  });

  test('a validation part without the classes is none', () => {
    const layout = folderLayout(imagesIn(['train/n01/images', 'train/n02/images', 'val/images']));
    expect(layout).toMatchObject({ kind: 'parts', validation: null, leftOut: ['val (2 images)'] });
  });

  test.each([
    [
      'no class folders',
      ['train', 'test'],
      /train, test are parts .* not classes, and train has no class folders/,
    ],
    ['no training part', classes('val/', 'test/'), /none of them is for training/],
    [
      'several training parts',
      classes('train_a/', 'train_b/', 'test/'),
      /train_a, train_b are all training parts/,
    ],
    ['a training part beside classes', [...classes('train/'), 'bird'], /set data\.images to train/],
    [
      'a test part beside classes',
      [...classes('test/'), 'cat', 'dog'],
      /put the class folders into a folder train/,
    ],
  ])('%s: unclear', (_, folders, why) => {
    expect(folderLayout(imagesIn(folders))).toEqual({ kind: 'unclear', why: expect.stringMatching(why) });
  });
});

const files = (folders: string[]): Record<string, Uint8Array> =>
  Object.fromEntries(
    folders.flatMap((folder, i) =>
      Array.from({ length: 5 }, (_, j) => [`${folder}/${j}.png`, plainPng(10 * i + j)]),
    ),
  );

test.each(['folder', 'zip'])('a download of two parts, in a %s', async kind => {
  const content = files(classes('pets/Train/', 'pets/Test/'));
  const spec =
    kind === 'zip'
      ? folderSpec(dataFolder({ 'pets.zip': zip(Object.entries(content)) }), { images: 'pets.zip' })
      : folderSpec(dataFolder(content));
  const found = await inspectData(spec);
  expect(found.classes).toEqual([
    { name: 'cat', count: 5 },
    { name: 'dog', count: 5 },
  ]);
  const alone = await inspectData(folderSpec(dataFolder(files(classes('')))));
  expect(found.fingerprint).toBe(alone.fingerprint);
  expect(await problemsOf(spec, 'warning')).toEqual([
    'images: taken by their names: pets/Train for training; left out: pets/Test (10 images)',
  ]);
  expect(await problemsOf({ ...spec, validation: { ...spec.validation, source: 'files' } })).toEqual([
    expect.stringMatching(
      /^images: expected the folders train and validation, found pets\/Train, pets\/Test.*split holds out/,
    ),
  ]);
});

test('parts in any case are validated on', async () => {
  const spec = folderSpec(dataFolder(files(classes('Train/', 'Valid/'))));
  expect(await problemsOf(spec)).toEqual([
    'images: has the folders Train and Valid: set data.validation.source to files, or data.images to the Train folder',
  ]);
  const own = await inspectData({ ...spec, validation: { ...spec.validation, source: 'files' } });
  expect(own).toMatchObject({ images: 10, validationImages: 10, problems: [] });
});

test('folders without an image are told; a strange folder around all is, too', async () => {
  const root = dataFolder({ ...files(classes('odd/')), 'odd/bird/notes.txt': '', 'odd/.git/x': '' });
  expect(await problemsOf(folderSpec(root), 'warning')).toEqual([
    'images: no JPEG, PNG or WebP by its name, left out: odd/bird/notes.txt',
    'images: all images lie in odd/: the classes are the folders there',
    'images: folders without an image, which make no class: odd/bird',
  ]);
});
