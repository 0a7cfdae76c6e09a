import { readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DataError } from '../../data/data-error.js';
import { openDataset } from '../../data/dataset.js';
import { temporaryFolder } from '../temporary-folder.js';
import { csvFolder, csvSpec, dataFolder, folderSpec, numberedImages } from './fixtures/data-folder.js';
import { idx, jpeg, plainPng, png } from './fixtures/images.js';
import { cachedImages, open, openElsewhere, quiet } from './fixtures/open-data.js';
import { zip } from './fixtures/zip.js';

describe('a data set', () => {
  test('has its images, labels and split', async () => {
    const dataset = await open(csvSpec(csvFolder(20, 4)));
    expect(dataset).toMatchObject({ height: 4, width: 4, channels: 3, classes: ['0', '1', '2', '3'] });
    expect(dataset.images).toHaveLength(20 * 4 * 4 * 3);
    expect([...dataset.labels]).toEqual(Array.from({ length: 20 }, (_, i) => i % 4));
    for (let i = 0; i < 20; i++) expect(dataset.images[i * 48]).toBe(i);
    expect(dataset.train.length + dataset.validation.length).toBe(20);
    expect(dataset.validation).toHaveLength(4);
  });

  test('is limited to the first classes and the first images of each', async () => {
    const limit = { classes: 2, imagesPerClass: 3 };
    const dataset = await open(csvSpec(csvFolder(20, 4), { limit }));
    expect(dataset.classes).toEqual(['0', '1']);
    const levels = Array.from(dataset.labels, (_, i) => dataset.images[i * 48]);
    expect(levels).toEqual([0, 1, 4, 5, 8, 9]);
  });

  test('of grey images takes a third of the memory', async () => {
    const dataset = await open(csvSpec(csvFolder(10, 2), { channels: 1 }));
    expect(dataset.images).toHaveLength(10 * 16);
  });

  test('is resized where it is asked for', async () => {
    const root = dataFolder({
      'a/1.png': plainPng(9, 8),
      'a/2.jpg': jpeg(24),
      'b/3.png': plainPng(7, 5),
      'b/4.png': plainPng(6, 6),
    });
    const validation = { source: 'split' as const, fraction: 0.5, stratified: true, seed: 0 };
    const dataset = await open(folderSpec(root, { imageSize: 6, validation }));
    expect(dataset).toMatchObject({ height: 6, width: 6 });
    expect(dataset.images.subarray(0, 108).every(value => value === 9)).toBe(true);
    await expect(open(folderSpec(root, { validation }))).rejects.toThrow(
      /a\/2\.jpg: 24×24 pixels, the first image has 8×8/,
    );
  });

  test('MNIST, with files of its own for validation', async () => {
    const part = (count: number, level: number) => ({
      images: idx(
        [count, 3, 3],
        new Uint8Array(count * 9).map((_, i) => level + Math.floor(i / 9)),
      ),
      labels: idx(
        [count],
        Uint8Array.from({ length: count }, (_, i) => i % 2),
      ),
    });
    const [train, test] = [part(6, 10), part(2, 100)];
    const root = dataFolder({
      'train-images-idx3-ubyte': train.images,
      'train-labels-idx1-ubyte': train.labels,
      't10k-images-idx3-ubyte': test.images,
      't10k-labels-idx1-ubyte': test.labels,
    });
    const validation = { source: 'files' as const, fraction: 0.2, stratified: true, seed: 0 };
    const spec = folderSpec(root, { format: 'mnist', channels: 1, validation });
    const dataset = await open(spec);
    expect([...dataset.train, ...dataset.validation]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(dataset.images[6 * 9]).toBe(100);
    writeFileSync(join(root, 't10k-labels-idx1-ubyte'), idx([3], Uint8Array.of(1, 2, 3)));
    await expect(open(spec)).rejects.toThrow(
      't10k-images-idx3-ubyte has 2 images, t10k-labels-idx1-ubyte 3 labels',
    );
    writeFileSync(join(root, 'train-images-idx3-ubyte'), train.images.subarray(0, 40));
    await expect(open(spec)).rejects.toThrow('6×3×3 values need 70 bytes, the file has 40');
  });
});

describe('an error', () => {
  test('has the key of the spec, and names every kind of problem', async () => {
    const root = dataFolder({
      'images.zip': zip([
        ...numberedImages(4),
        ['train/x.jpg', jpeg(4).subarray(0, -2)],
        ['train/y.png', Buffer.from('no')],
      ]),
      'train.csv': 'Id,Category\ntrain/0.png,a\ntrain/1.png,b\ntrain/x.jpg,a\ntrain/y.png,b\n',
    });
    const error = await open(csvSpec(root)).catch(e => e);
    expect(error).toBeInstanceOf(DataError);
    expect(error.key).toBe('images');
    expect(error.message).toBe(
      'data.images: 2 of 4 images can’t be used (data.skipBad: true leaves them out): train/x.jpg: the file is cut off, train/y.png: is text (“no”), expected a JPEG, PNG or WebP',
    );
  });

  test('an image that is not square needs a size', async () => {
    const wide = png({ height: 2, width: 4 }, 0, new Uint8Array(8));
    const root = dataFolder({ 'a/1.png': wide, 'a/2.png': wide, 'b/3.png': wide, 'b/4.png': wide });
    await expect(open(folderSpec(root))).rejects.toThrow(
      'data.imageSize: a/1.png has 2×4 pixels: a size to resize to is needed',
    );
  });
});

describe('the cache', () => {
  test('is used by the next process, with a split of its own', async () => {
    const spec = csvSpec(csvFolder(12, 2));
    const cacheDir = temporaryFolder();
    const first = await openElsewhere(spec, cacheDir);
    const [file] = cachedImages(cacheDir);
    utimesSync(file!, 1, 1);
    const other = { ...spec, validation: { ...spec.validation, seed: 1, fraction: 0.5 } };
    expect(await openElsewhere(other, cacheDir)).toEqual(first);
    expect(cachedImages(cacheDir)).toEqual([file]);
  });

  test.each([
    ['cut off', (file: string) => truncateSync(file, 100)],
    ['empty', (file: string) => truncateSync(file, 0)],
    [
      'damaged',
      (file: string) => {
        const bytes = readFileSync(file);
        bytes[bytes.length - 5]! ^= 1;
        writeFileSync(file, bytes);
      },
    ],
    ['gone', (file: string) => rmSync(file)],
  ])('is made again where it is %s', async (_, damage) => {
    const spec = csvSpec(csvFolder(12, 2));
    const cacheDir = temporaryFolder();
    const first = await openElsewhere(spec, cacheDir);
    const [file] = cachedImages(cacheDir);
    const good = readFileSync(file!);
    damage(file!);
    expect(await openElsewhere(spec, cacheDir)).toEqual(first);
    expect(readFileSync(file!)).toEqual(good);
  });

  test('doesn’t outlive a change of the data', async () => {
    const root = csvFolder(12, 2);
    const spec = csvSpec(root);
    const options = quiet(temporaryFolder());
    const before = await openDataset(spec, options);
    const changed = numberedImages(12).map(([name], i): [string, Buffer] => [name, plainPng(100 + i)]);
    writeFileSync(join(root, 'images.zip'), zip(changed));
    const after = await openDataset(spec, options);
    expect(after.images[0]).toBe(100);
    expect(after.fingerprint).not.toBe(before.fingerprint);
  });

  test('doesn’t outlive a change in a folder', async () => {
    const root = dataFolder(
      Object.fromEntries(['a/1', 'a/2', 'b/1', 'b/2'].map((name, i) => [`${name}.png`, plainPng(i)])),
    );
    const spec = folderSpec(root, {
      validation: { source: 'split', fraction: 0.5, stratified: true, seed: 0 },
    });
    const cacheDir = temporaryFolder();
    const first = await openElsewhere(spec, cacheDir);
    writeFileSync(join(root, 'b/2.png'), plainPng(200));
    const second = await openElsewhere(spec, cacheDir);
    expect(second.hash).not.toBe(first.hash);
    expect((await openDataset(spec, quiet(cacheDir))).images.at(-1)).toBe(200);
  });

  test('of a warm process doesn’t outlive a change within a folder, and is used where there is none', async () => {
    const root = dataFolder(
      Object.fromEntries(['a/1', 'a/2', 'b/1', 'b/2'].map((name, i) => [`${name}.png`, plainPng(i)])),
    );
    const spec = folderSpec(root, {
      validation: { source: 'split', fraction: 0.5, stratified: true, seed: 0 },
    });
    const options = quiet(temporaryFolder());
    const first = await openDataset(spec, options);
    expect((await openDataset(spec, options)).images).toBe(first.images);
    // In place: the folders themselves don't change.
    writeFileSync(join(root, 'b/2.png'), plainPng(200));
    const second = await openDataset(spec, options);
    expect(second.images.at(-1)).toBe(200);
    expect(second.fingerprint).not.toBe(first.fingerprint);
    writeFileSync(join(root, 'b/2.png'), plainPng(3));
    expect((await openDataset(spec, options)).fingerprint).toBe(first.fingerprint);
  });

  test('that can’t be written only costs time', async () => {
    const spec = csvSpec(csvFolder(12, 2));
    const log: string[] = [];
    const blocked = join(temporaryFolder(), 'file');
    writeFileSync(blocked, '');
    const dataset = await openDataset(spec, { cacheDir: blocked, log: line => log.push(line) });
    expect(dataset.labels).toHaveLength(12);
    expect(log.join()).toContain('decoded images are not kept');
  });

  test('is made by one of several processes', async () => {
    const spec = csvSpec(csvFolder(200, 2));
    const cacheDir = temporaryFolder();
    const opened = await Promise.all([1, 2, 3].map(() => openElsewhere(spec, cacheDir)));
    expect(new Set(opened.map(({ hash }) => hash)).size).toBe(1);
    expect(readdirSync(cacheDir).filter(name => name.endsWith('.tmp') || name.endsWith('.lock'))).toEqual([]);
  });

  test('is taken over from a decoder that was killed', async () => {
    const spec = csvSpec(csvFolder(12, 2));
    const cacheDir = temporaryFolder();
    const first = await openElsewhere(spec, cacheDir);
    const [file] = cachedImages(cacheDir);
    rmSync(file!);
    const pid = 2 ** 22 + 1; // Above the kernel's largest.
    writeFileSync(`${file}.lock`, JSON.stringify({ pid, host: hostname() }));
    writeFileSync(`${file}.${pid}.tmp`, 'half');
    expect(await openElsewhere(spec, cacheDir)).toEqual(first);
    expect(readdirSync(cacheDir).filter(name => name.endsWith('.tmp') || name.endsWith('.lock'))).toEqual([]);
  });

  test('is waited for while its holder lives', async () => {
    const spec = csvSpec(csvFolder(12, 2));
    const cacheDir = temporaryFolder();
    const first = await openElsewhere(spec, cacheDir);
    const [file] = cachedImages(cacheDir);
    const good = readFileSync(file!);
    rmSync(file!);
    writeFileSync(`${file}.lock`, JSON.stringify({ pid: process.pid, host: hostname() }));
    const opened = await openElsewhere(spec, cacheDir, () => {
      writeFileSync(file!, good);
      rmSync(`${file}.lock`);
    });
    expect(opened).toEqual({
      ...first,
      log: [expect.stringContaining('another process decodes the images; waiting')],
    });
    expect(opened.log[0]).toContain(`${file}.lock`);
  });
});
