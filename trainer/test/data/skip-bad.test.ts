import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { DataSpec } from '../../contract/run-spec.js';
import { openDataset } from '../../data/dataset.js';
import { imageNames } from '../../data/image-names.js';
import { inspectData } from '../../data/inspect.js';
import { temporaryFolder } from '../temporary-folder.js';
import { csvFolder, csvSpec, dataFolder, folderSpec, numberedImages } from './fixtures/data-folder.js';
import { plainPng } from './fixtures/images.js';
import { cachedImages, open, openElsewhere, quiet } from './fixtures/open-data.js';
import { zip } from './fixtures/zip.js';

describe('with skipBad', () => {
  /** Of each four images, the second is cut off, and there are two that are none. */
  function spoiled(changes: Partial<DataSpec> = {}): DataSpec {
    const images = numberedImages(16).map(([name, bytes], i): [string, Uint8Array] => [
      name,
      i % 4 === 1 ? bytes.subarray(0, -13) : bytes,
    ]);
    images[6]![1] = Buffer.from('<html>');
    images[15]![1] = Buffer.alloc(0);
    const rows = images.map(([name], i) => `${name},${i % 2}`);
    const root = dataFolder({ 'images.zip': zip(images), 'train.csv': `Id,Category\n${rows.join('\n')}\n` });
    return csvSpec(root, { skipBad: true, ...changes });
  }
  const kept = [0, 2, 3, 4, 7, 8, 10, 11, 12, 14];

  test('images that can’t be decoded are left out and told of', async () => {
    const spec = spoiled();
    const dataset = await open(spec);
    expect(Array.from(dataset.labels, (_, i) => dataset.images[i * 48])).toEqual(kept);
    expect([...dataset.labels]).toEqual(kept.map(i => i % 2));
    expect(dataset.skipped).toEqual([1, 5, 6, 9, 13, 15]);
    expect(imageNames(spec, dataset, temporaryFolder())).toEqual(kept.map(i => `train/${i}.png`));
    expect(dataset.train.length + dataset.validation.length).toBe(kept.length);
    expect(dataset.warnings).toEqual([
      '6 of 16 images are left out (data.skipBad): train/1.png: the file is cut off, train/5.png: the file is cut off, train/6.png: is an HTML page, expected a JPEG, PNG or WebP, train/9.png: the file is cut off, train/13.png: the file is cut off, … and 1 more',
    ]);
  });

  test('the fingerprint tells what was left out, as the inspection’s does', async () => {
    const spec = spoiled();
    const dataset = await open(spec);
    expect(dataset.fingerprint).toBe((await inspectData(spec)).fingerprint);
    const sound = csvSpec(csvFolder(12, 2));
    const skipping = { ...sound, skipBad: true };
    expect((await open(skipping)).fingerprint).toBe((await open(sound)).fingerprint);
    expect((await inspectData({ ...spec, skipBad: false })).fingerprint).not.toBe(dataset.fingerprint);
  });

  test('the cache serves the next process, and none without skipBad', async () => {
    const spec = spoiled();
    const cacheDir = temporaryFolder();
    const first = await openElsewhere(spec, cacheDir);
    expect(first.images).toBe(kept.length);
    const [file] = cachedImages(cacheDir);
    expect((await openElsewhere(spec, cacheDir)).hash).toBe(first.hash);
    rmSync(join(cacheDir, readdirSync(cacheDir).find(name => name.startsWith('opened-'))!));
    expect((await openElsewhere(spec, cacheDir)).hash).toBe(first.hash);
    expect(cachedImages(cacheDir)).toEqual([file]);
    await expect(openDataset({ ...spec, skipBad: false }, quiet(cacheDir))).rejects.toThrow(
      '6 of 16 images can’t be used (data.skipBad: true leaves them out)',
    );
  });

  test('the size is that of the first sound image, and another size stays an error', async () => {
    const root = dataFolder({
      'a/1.png': Buffer.from('no'),
      'a/2.png': plainPng(1, 8),
      'b/1.png': plainPng(2, 8),
      'b/2.png': plainPng(3, 9),
    });
    await expect(open(folderSpec(root, { skipBad: true }))).rejects.toThrow(
      'images of another size: b/2.png: 9×9 pixels, the first image has 8×8',
    );
    writeFileSync(join(root, 'b/2.png'), plainPng(3, 8));
    const validation = { source: 'split' as const, fraction: 0.5, stratified: false, seed: 0 };
    expect((await open(folderSpec(root, { skipBad: true, validation }))).labels).toHaveLength(3);
  });

  test('a class without any image left is an error', async () => {
    const root = dataFolder({ 'a/1.png': plainPng(1), 'a/2.png': plainPng(2), 'b/1.png': Buffer.from('no') });
    await expect(open(folderSpec(root, { skipBad: true }))).rejects.toThrow(
      'classes of which no image can be used: b',
    );
  });
});
