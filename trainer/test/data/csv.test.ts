import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inspectData } from '../../data/inspect.js';
import { csvFolder, csvSpec, dataFolder, numberedImages } from './fixtures/data-folder.js';
import { plainPng } from './fixtures/images.js';
import { problemsOf } from './fixtures/problems-of.js';
import { zip } from './fixtures/zip.js';

const images = zip(numberedImages(10));
const rows = Array.from({ length: 10 }, (_, i) => `train/${i}.png,${i % 2 === 0 ? 'chat' : 'forêt'}`);
const table = `Id,Category\n${rows.join('\n')}\n`;
const withTable = (csv: string | Uint8Array) => dataFolder({ 'images.zip': images, 'train.csv': csv });

describe('tables that are read', () => {
  test.each([
    ['plain', table],
    ['with a byte-order mark', `\uFEFF${table}`],
    ['with CRLF', table.replaceAll('\n', '\r\n')],
    ['quoted', table.replaceAll(/^(.*),(.*)$/gm, '"$1","$2"')],
    ['with columns in another order', table.replaceAll(/^(.*),(.*)$/gm, '$2,x,$1')],
    ['ids without extension', table.replaceAll('.png', '')],
    ['ids without folder', table.replaceAll('train/', '')],
  ])('%s', async (_, csv) => {
    const found = await inspectData(csvSpec(withTable(csv)));
    expect(found.problems).toEqual([]);
    expect(found.classes).toEqual([
      { name: 'chat', count: 5 },
      { name: 'forêt', count: 5 },
    ]);
    expect(found).toMatchObject({ images: 10, validationImages: 2, imageSize: 4 });
  });

  test('of a folder of images', async () => {
    const files = Object.fromEntries(numberedImages(10).map(([name, png]) => [`images/${name}`, png]));
    const root = dataFolder({ ...files, 'train.csv': table });
    expect(await inspectData(csvSpec(root, { images: 'images' }))).toMatchObject({
      images: 10,
      problems: [],
    });
  });

  test('with validation labels of their own', async () => {
    const root = dataFolder({
      'images.zip': images,
      'train.csv': `Id,Category\n${rows.slice(0, 6).join('\n')}`,
      'validation.csv': `Id,Category\n${rows.slice(6).join('\n')}`,
    });
    const validation = { source: 'files' as const, fraction: 0.2, stratified: true, seed: 0 };
    const spec = csvSpec(root, { validation, validationLabels: 'validation.csv' });
    expect(await inspectData(spec)).toMatchObject({ images: 6, validationImages: 4, problems: [] });
    writeFileSync(join(root, 'validation.csv'), 'Id,Category\ntrain/8.png,chat\ntrain/9.png,loup\n');
    expect(await problemsOf(spec)).toEqual(['validation: classes without a training image: loup']);
  });
});

describe('tables with problems', () => {
  test.each([
    ['columns.label: train.csv:1: there is no column Category; there are: Id, Class', 'Id,Class\na,b'],
    ['labels: train.csv is empty', ''],
    ['labels: train.csv has no rows below its header', 'Id,Category\n'],
    [
      'labels: contradictory labels of one image: train.csv:12 (train/3.png: chat, but forêt in line 5)',
      `${table}train/3.png,chat\n`,
    ],
    [
      'labels: ids without an image in images.zip, which has train/0.png, train/1.png, train/2.png, …: train.csv:12 (train/77.png)',
      `${table}train/77.png,chat`,
    ],
    ['labels: ids that leave the data folder: train.csv:12 (../secret.png)', `${table}../secret.png,chat`],
    ['labels: ids that leave the data folder: train.csv:12 (/etc/x.png)', `${table}/etc/x.png,chat`],
    [
      'labels: rows with another number of fields than the 2 of the header: train.csv:12 (1)',
      `${table}x.png`,
    ],
    ['labels: rows without an id: train.csv:12', `${table},chat\n`],
    ['labels: rows without a label: train.csv:12 (x)', `${table}x,\n`],
    ['labels: train.csv: line 12: a quoted field has no end', `${table}"x,chat\n`],
    ['labels: at least 2 classes are needed, there is only chat', table.replaceAll('forêt', 'chat')],
  ])('%s', async (problem, csv) => {
    expect(await problemsOf(csvSpec(withTable(csv)))).toEqual([problem]);
  });

  test('in an encoding that can only be guessed', async () => {
    const root = withTable(Buffer.from(table.replaceAll('forêt', '\xea\xee\xf2'), 'latin1'));
    expect(await problemsOf(csvSpec(root))).toEqual([
      'labels: train.csv: line 3: not UTF-8 text, and not Windows-1252 (Latin-1) by its looks; save it as UTF-8',
    ]);
  });

  test('all at once, a few of each kind listed', async () => {
    const unknown = Array.from({ length: 1000 }, (_, i) => `train/x${i}.png,chat`).join('\n');
    const found = await problemsOf(csvSpec(withTable(`${table}train/0.png,forêt\n${unknown}\n`)));
    expect(found).toHaveLength(2);
    expect(found[1]).toContain('train.csv:13 (train/x0.png)');
    expect(found[1]).toMatch(/… and 995 more$/);
  });

  test('a million rows', async () => {
    const many = Array.from({ length: 1_000_000 }, (_, i) => `train/${i}.png,${i % 2 === 0 ? 'a' : 'b'}`);
    const found = await problemsOf(csvSpec(withTable(`Id,Category\n${many.join('\n')}\n`)));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/train\.csv:12 \(train\/10\.png\).* … and 999985 more$/);
  });
});

describe('files with problems', () => {
  test('that are missing or lie elsewhere', async () => {
    const root = csvFolder(4, 2);
    symlinkSync('/etc/hostname', join(root, 'link.csv'));
    expect(await problemsOf(csvSpec(join(root, 'nowhere')))).toEqual([
      `root: there is no data folder ${join(root, 'nowhere')}`,
    ]);
    expect(await problemsOf(csvSpec(root, { images: 'other.zip', labels: '../train.csv' }))).toEqual([
      `images: there is no other.zip in ${root}`,
      `labels: ../train.csv leaves the data folder ${root}`,
    ]);
    expect(await problemsOf(csvSpec(root, { labels: 'link.csv' }))).toEqual([
      `labels: link.csv is a symbolic link that leaves the data folder ${root}`,
    ]);
  });

  test('zips', async () => {
    const broken = async (content: Uint8Array) => {
      const found = await problemsOf(csvSpec(dataFolder({ 'images.zip': content, 'train.csv': table })));
      return found[0];
    };
    const missing = 'its directory is missing';
    expect(await broken(images.subarray(0, -100))).toContain(`the zip is cut off: ${missing}`);
    expect(await broken(Buffer.alloc(0))).toContain(`not a zip, or cut off: ${missing} (it is empty)`);
    expect(await broken(Buffer.from('<!DOCTYPE html>'))).toContain(`${missing} (it is an HTML page)`);
    expect(await broken(zip(numberedImages(10), { encrypted: true }))).toContain('encrypted');
    expect(await broken(zip(numberedImages(10), { method: 14 }))).toContain('LZMA (method 14)');
    const twice = dataFolder({
      'images.zip': zip([...numberedImages(10), ['train/3.png', plainPng(3)]]),
      'train.csv': table,
    });
    expect(await problemsOf(csvSpec(twice), 'warning')).toEqual([
      'images: twice in the zip, the later one counts: train/3.png',
    ]);
    expect(await broken(zip([]))).toContain('there is no JPEG, PNG or WebP in images.zip');
  });
});
