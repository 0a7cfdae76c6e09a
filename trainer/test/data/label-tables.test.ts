import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { imageFinder } from '../../data/formats/image-finder.js';
import { inspectData } from '../../data/inspect.js';
import { nearlyEqualLabels, withNearest } from '../../data/spelling.js';
import { csvSpec, dataFolder, folderSpec, numberedImages } from './fixtures/data-folder.js';
import { plainPng } from './fixtures/images.js';
import { problemsOf } from './fixtures/problems-of.js';
import { zip } from './fixtures/zip.js';

const images = zip(numberedImages(8));
const withTable = (csv: string | Uint8Array) =>
  csvSpec(dataFolder({ 'images.zip': images, 'train.csv': csv }));
/** A table of eight images; a row by its number. */
const tableOf = (row: (i: number) => string, header = 'Id,Category') =>
  `${header}\n${Array.from({ length: 8 }, (_, i) => row(i)).join('\n')}\n`;
const plain = (i: number) => `train/${i}.png,${i % 2 === 0 ? 'chat' : 'forêt'}`;

describe('the same table, however it is written', () => {
  test.each([
    ['semicolons', tableOf(i => plain(i).replace(',', ';'), 'Id;Category')],
    [
      'tabs in UTF-16',
      Buffer.from(`\uFEFF${tableOf(i => plain(i).replace(',', '\t'), 'Id\tCategory')}`, 'utf16le'),
    ],
    ['old Mac line ends', tableOf(plain).replaceAll('\n', '\r')],
    ['blanks around fields', tableOf(i => plain(i).replace(',', ' , '), 'Id , Category')],
    ['blanks before quotes', tableOf(i => plain(i).replace(/,(.*)/, ', "$1"'))],
    ['empty rows', `${tableOf(plain)},\n,\n`],
    ['empty columns behind', tableOf(i => `${plain(i)},,`)],
    ['ids with ./', tableOf(i => `./${plain(i)}`)],
    ['ids with backslashes', tableOf(i => plain(i).replace('/', '\\'))],
    ['ids with the extension in capitals', tableOf(i => plain(i).replace('png', 'PNG'))],
    ['ids with more folders in front', tableOf(i => `/kaggle/input/${plain(i)}`)],
    ['ids without folder and extension', tableOf(i => plain(i).replace('train/', '').replace('.png', ''))],
  ])('%s', async (_, csv) => {
    const found = await inspectData(withTable(csv));
    expect(found.problems).toEqual([]);
    expect(found.classes).toEqual([
      { name: 'chat', count: 4 },
      { name: 'forêt', count: 4 },
    ]);
  });

  test.each([
    [
      'in Latin-1',
      Buffer.from(tableOf(plain), 'latin1'),
      /^labels: train\.csv: not UTF-8: read as Windows-1252.*“forêt” in line 3/,
    ],
    ['with a header in another case', tableOf(plain, 'id,CATEGORY'), /no column Id; "id" is taken for it/],
    [
      'with comments',
      `${tableOf(plain)}# end\n`,
      /lines that begin with # are passed over as comments: train\.csv:10/,
    ],
  ])('%s: with a warning', async (_, csv, warning) => {
    const spec = withTable(csv);
    expect((await inspectData(spec)).classes.map(({ name }) => name)).toEqual(['chat', 'forêt']);
    expect((await problemsOf(spec, 'warning'))[0]).toMatch(warning);
  });
});

test.each([
  [
    'no header',
    tableOf(plain).slice('Id,Category\n'.length),
    /^labels: train\.csv:1: there is no header, .* train\/0\.png/,
  ],
  [
    'no header, ids without extension',
    tableOf(i => `${i},a`).slice('Id,Category\n'.length),
    /there is no header/,
  ],
  [
    'a missing image',
    tableOf(i => plain(i + 1)),
    /^labels: ids without an image in images\.zip, which has train\/0\.png, .*: train\.csv:9 \(train\/8\.png\)$/,
  ],
  [
    'labels that contradict each other',
    `${tableOf(plain)}0,forêt\n`,
    /^labels: contradictory labels of one image: train\.csv:10 \(0: forêt, but chat in train\/0\.png, line 2\)$/,
  ],
])('%s is an error that shows it', async (_, csv, error) => {
  expect(await problemsOf(withTable(csv))).toEqual([expect.stringMatching(error)]);
});

test('rows that say the same once more are counted', async () => {
  const spec = withTable(`${tableOf(plain)}./train/0.png,chat\n0,chat\n`);
  expect(await inspectData(spec)).toMatchObject({ images: 8 });
  expect(await problemsOf(spec, 'warning')).toEqual([
    'labels: rows that repeat an image and its label, passed over: train.csv:10 (./train/0.png, as in train/0.png, line 2), train.csv:11 (0, as in train/0.png, line 2)',
  ]);
});

test('labels are text as they are written', async () => {
  const labels = ['1.10', '010', '1e3', '0x1', 'yes', 'null', '1_000', '+1'];
  const { classes } = await inspectData(withTable(tableOf(i => `${i},${labels[i]}`)));
  expect(classes.map(({ name }) => name)).toEqual([...labels].sort());
});

describe('labels that differ in their spelling alone', () => {
  test.each([
    [['3', '3.0', '4'], ['"3" and "3.0"']],
    [['cat', ' cat'], ['"cat" and " cat"']],
    [['Cat', 'cat'], ['"Cat" and "cat"']],
    [
      ['hot dog', 'hot_dog', 'hot-dog'],
      ['"hot dog" and "hot_dog"', '"hot dog" and "hot-dog"'],
    ],
    [['caf\u00e9', 'cafe\u0301'], ['"caf\u00e9" (U+00E9) and "cafe\u0301" (U+0301)']],
    [['cat', 'ca\u200bt'], ['"cat" and "ca\u200bt" (U+200B)']],
    [['010', '10'], ['"010" and "10"']],
    [['1', '-1', 'a', 'A', '1.5'], []],
  ])('%j', (labels, pairs) => {
    expect(nearlyEqualLabels(labels)).toEqual(pairs);
  });

  test('are a warning of tables and of folders', async () => {
    const words =
      'classes that differ in their spelling alone count as different ones; spell them alike if they mean the same';
    const spec = withTable(tableOf(i => `${i},${['3', '3.0'][i % 2]}`));
    expect(await problemsOf(spec, 'warning')).toEqual([`labels: ${words}: "3" and "3.0"`]);
    const files = ['Cat', 'cat'].flatMap(name =>
      [1, 2, 3].map(i => [`${name}/${i}.png`, plainPng(i)] as const),
    );
    expect(await problemsOf(folderSpec(dataFolder(Object.fromEntries(files))), 'warning')).toContain(
      `images: ${words}: "Cat" and "cat"`,
    );
  });

  test('are shown beside a class that training lacks', () => {
    expect(withNearest('Dog', ['cat', 'dog'])).toBe('"Dog" (training has "dog")');
    expect(withNearest('dgo', ['cat', 'dog'])).toBe('"dgo" (training has "dog")');
    expect(withNearest('3.0', ['2', '3'])).toBe('"3.0" (training has "3")');
    expect(withNearest('4', ['2', '3'])).toBe('4');
    expect(withNearest('wolf', ['cat', 'dog'])).toBe('wolf');
  });
});

describe('an image in both tables', () => {
  const both = (validation: string) => {
    const spec = withTable(tableOf(plain));
    writeFileSync(join(spec.root, 'val.csv'), `Id,Category\n${validation}`);
    return {
      ...spec,
      validationLabels: 'val.csv',
      validation: { source: 'files' as const, fraction: 0.2, stratified: true, seed: 0 },
    };
  };

  test('is a warning with count and example', async () => {
    expect(await problemsOf(both('1,forêt\n2,chat\n'), 'warning')).toEqual([
      expect.stringMatching(
        /^validationLabels: 2 of the 2 validation images are training images, too.* first is 1, in data\.labels train\/1\.png/,
      ),
    ]);
  });

  test('with another label is an error', async () => {
    expect(await problemsOf(both('1,chat\n'))).toEqual([
      'validationLabels: contradictory labels of images that are in both tables: 1 (chat, for training forêt)',
    ]);
  });
});

describe('finding images', () => {
  const names = [
    'train/a/1.jpg',
    'train/b/1.jpg',
    'train/a/2.JPG',
    'train/a/3.jpeg',
    'train/a/4.png',
    'train/a/4.jpg',
  ];
  const { find, candidates } = imageFinder(names, 'all');

  test.each([
    ['a/1.jpg', 0],
    ['train/b/1', 1],
    ['2.jpg', 2],
    ['2', 2],
    ['.\\train\\a\\2.jpg', 2],
    ['C:\\data\\train\\a\\2.jpg', 2],
    ['3.jpg', 3],
    ['4.png', 4],
    ['1', undefined],
    ['4', undefined],
    ['4.gif', undefined],
    ['test/a/2.jpg', undefined],
    ['../2.jpg', undefined],
  ])('%s', (id, image) => {
    expect(find(id)).toBe(image);
  });

  test('what fits several is known', () => {
    expect(candidates('1')).toEqual([0, 1]);
    expect(candidates('4')).toEqual([4, 5]);
  });

  test('an image of another part is none of these', () => {
    expect(imageFinder(['1.jpg'], 'train').find('test/1.jpg')).toBeUndefined();
    expect(imageFinder(['1.jpg'], 'train.zip').find('train/1.jpg')).toBe(0);
    expect(imageFinder(['1.jpg'], 'test').find('test/1.jpg')).toBe(0);
  });

  test('an id for several is an error that names them', async () => {
    const root = dataFolder({
      'a/1.png': plainPng(1),
      'b/1.png': plainPng(2),
      'train.csv': 'Id,Category\n1,x\n',
    });
    expect(await problemsOf(csvSpec(root, { images: '.' }))).toEqual([
      'labels: ids that could be several images in .: train.csv:2 (1: a/1.png, b/1.png)',
    ]);
  });
});
