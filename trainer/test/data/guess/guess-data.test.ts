import { describe, expect, test } from 'vitest';
import { guessData } from '../../../data/guess/guess-data.js';
import { dataFolder } from '../fixtures/data-folder.js';
import { plainPng } from '../fixtures/images.js';
import { zip } from '../fixtures/zip.js';

const png = plainPng(1);
const count = 12;
const numbers = Array.from({ length: count }, (_, i) => i);
/** `prefix0.png`, `prefix1.png`, … */
const imagesIn = (prefix: string): [string, Uint8Array][] => numbers.map(i => [`${prefix}${i}.png`, png]);
const files = (...prefixes: string[]) => Object.fromEntries(prefixes.flatMap(imagesIn));
const table = (header: string, row: (i: number) => string) => `${header}\n${numbers.map(row).join('\n')}\n`;
const kind = (i: number) => ['cat', 'dog', 'owl'][i % 3]!;

function guess(content: Record<string, string | Uint8Array>) {
  const found = guessData(dataFolder(content));
  if ('refusal' in found) throw new Error(found.refusal);
  const { name: _, root: __, ...data } = found.data;
  return { data, evidence: found.evidence.join('\n') };
}

describe('tables', () => {
  test.each([
    ['id and label', table('Id,Category', i => `train/${i}.png,${kind(i)}`), 'Id', 'Category'],
    ['ids without extension', table('id,breed', i => `${i},${kind(i)}`), 'id', 'breed'],
    ['an index first', table(',image,label', i => `${i},${i}.png,${kind(i)}`), 'image', 'label'],
    [
      'an index of pandas, labels first',
      table('Unnamed: 0,label,file', i => `${i},${kind(i)},${count - 1 - i}.png`),
      'file',
      'label',
    ],
    [
      'sizes beside',
      table('image,width,height,class', i => `${i}.png,${100 + i},80,${kind(i)}`),
      'image',
      'class',
    ],
    [
      'sizes beside, a label of another name',
      table('image,width,height,animal', i => `${i}.png,${100 + (i % 2)},80,${kind(i)}`),
      'image',
      'animal',
    ],
    [
      'a label in words and in numbers',
      table('image,class_id,class_name', i => `${i}.png,${i % 3},${kind(i)}`),
      'image',
      'class_name',
    ],
    ['numbers for all', table('id,label', i => `${i},${i % 3}`), 'id', 'label'],
    ['yes and no', table('id,has_cactus', i => `${i}.png,${i % 2}`), 'id', 'has_cactus'],
    ['semicolons', table('image;label', i => `${i}.png;${kind(i)}`), 'image', 'label'],
    [
      'more than it needs',
      table('image,label,source,fold,date', i => `${i}.png,${kind(i)},web,${i % 5},2020-01-${10 + i}`),
      'image',
      'label',
    ],
  ])('%s', (_, csv, id, label) => {
    const { data, evidence } = guess({ 'train.csv': csv, 'train.zip': zip(imagesIn('train/')) });
    expect(data).toEqual({ format: 'csv', images: 'train.zip', labels: 'train.csv', columns: { id, label } });
    expect(evidence).toContain(
      `the ids are in column "${id}": 12 of 12 values looked at name images in train.zip`,
    );
    expect(evidence).toMatch(new RegExp(`the labels are in column "${label}", (by its name|the only one)`));
  });

  test.each([
    [
      'one-hot',
      table('image,cat,dog,owl', i => `${i}.png,${[0, 1, 2].map(k => Number(i % 3 === k))}`),
      /one-hot: cat, dog, owl\).*idxmax/,
    ],
    [
      'one-hot with an index',
      table(',image,cat,dog,owl', i => `${i},${i}.png,${[0, 1, 2].map(k => `${Number(i % 3 === k)}.0`)}`),
      /one-hot/,
    ],
    [
      'several labels an image',
      table('image,red,round,big', i => `${i}.png,1,${i % 2},0`),
      /say several things of one image/,
    ],
    [
      'two columns that could be labels',
      table('image,colour,shape', i => `${i}.png,${['red', 'blue'][i % 2]},${kind(i)}`),
      /any of the columns "colour", "shape" could be the labels/,
    ],
    [
      'two columns called like labels',
      table('image,class,species', i => `${i}.png,${kind(i)},${['x', 'y'][i % 2]}`),
      /"class" and "species" could both be the labels/,
    ],
    [
      'sizes alone',
      table('image,width,height', i => `${i}.png,${100 + (i % 2)},80`),
      /no column is surely the labels: there are "width", "height"/,
    ],
    [
      'a number an image',
      table('image,label', i => `${i}.png,${i / 7}`),
      /called like labels, but has another value in every row/,
    ],
    [
      'images that aren’t there',
      table(',image,label', i => `${i},x${i}.png,${kind(i)}`),
      /"image" holds names of images that aren't there/,
    ],
  ])('%s: refused', (_, csv, why) => {
    const found = guessData(dataFolder({ 'train.csv': csv, 'train.zip': zip(imagesIn('train/')) }));
    expect(found).toEqual({ refusal: expect.stringMatching(why) });
  });

  const labels = table('Id,Category', i => `${i}.png,${kind(i)}`);

  test('of the test and of class names don’t count; the place is found by the ids', () => {
    const { data } = guess({
      'train.csv': labels,
      'test.csv': table('Id', i => `${i}.png`),
      'sample_submission.csv': table('Id,Category', i => `${i}.png,cat`),
      'classes.csv': 'Category,name\n0,cat\n1,dog\n',
      ...files('train_images/', 'test_images/'),
    });
    expect(data).toMatchObject({ labels: 'train.csv', images: 'train_images' });
  });

  test('of both parts', () => {
    const { data, evidence } = guess({ 'train.csv': labels, 'Valid.csv': labels, ...files('images/') });
    expect(data).toMatchObject({
      labels: 'train.csv',
      validationLabels: 'Valid.csv',
      validation: { source: 'files' },
    });
    expect(evidence).toContain('Valid.csv is for validation, by its name');
  });

  test('a zip beside what was unpacked from it is one place', () => {
    expect(guess({ 'labels.csv': labels, 'x.zip': zip(imagesIn('x/')), ...files('x/') }).data).toMatchObject({
      images: 'x',
    });
  });

  test('a table whose images lie beside it', () => {
    expect(guess({ 'labels.csv': labels, ...files('') }).data).toMatchObject({
      images: '.',
      labels: 'labels.csv',
    });
  });

  test.each([
    [
      'two tables',
      { 'a.csv': labels, 'b.csv': labels, ...files('images/') },
      /a\.csv, b\.csv could each be the labels/,
    ],
    [
      'two places',
      { 'a.csv': labels, ...files('images/', 'masks/'), 'masks/x.png': png },
      /name images in each of images, masks/,
    ],
  ])('%s: refused', (_, content, why) => {
    expect(guessData(dataFolder(content))).toEqual({ refusal: expect.stringMatching(why) });
  });
});

test.each([
  ['MNIST', { 'train-images-idx3-ubyte.gz': '' }, { format: 'mnist' }],
  ['folders of classes', files('cat/', 'dog/'), { format: 'folder' }],
  ['in a folder around them', files('pets/cat/', 'pets/dog/'), { format: 'folder' }],
  [
    'in two parts',
    files('Train/cat/', 'Train/dog/', 'VAL/cat/', 'VAL/dog/'),
    { format: 'folder', validation: { source: 'files' } },
  ],
  [
    'in a training and a test part',
    files('train/cat/', 'train/dog/', 'test/cat/', 'test/dog/'),
    { format: 'folder' },
  ],
  [
    'in a zip',
    { 'pets.zip': zip([...imagesIn('cat/'), ...imagesIn('dog/')]), 'test.zip': zip(imagesIn('')) },
    { format: 'folder', images: 'pets.zip' },
  ],
])('%s', (_, content, data) => {
  expect(guess(content).data).toEqual(data);
});

test.each([
  ['something else', { 'notes.txt': '' }, /expected a table of labels .*; found notes\.txt/],
  [
    'a zip a class',
    { 'cat.zip': zip(imagesIn('')), 'dog.zip': zip(imagesIn('')) },
    /each of the zips cat\.zip, dog\.zip could be the images/,
  ],
  ['classes in the names', files('cat.', 'dog.'), /names seem to begin with the class \(cat, dog\)/],
  ['a broken zip', { 'pets.zip': 'x' }, /pets\.zip: not a zip, or cut off/],
  ['parts without classes', files('train/', 'test/'), /parts of a data set by their names, not classes/],
])('%s: refused with the way out', (_, content, why) => {
  expect(guessData(dataFolder(content))).toEqual({ refusal: expect.stringMatching(why) });
});
