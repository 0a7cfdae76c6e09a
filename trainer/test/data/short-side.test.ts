import { describe, expect, test } from 'vitest';
import { defaultAugmentation } from '../../contract/defaults.js';
import type { AugmentationSpec, DataSpec } from '../../contract/run-spec.js';
import { openDataset } from '../../data/dataset.js';
import { ImageDecoder } from '../../data/decoding/decode-image.js';
import { trainBatches, validationBatches } from '../../data/loader.js';
import { goldenFile } from '../golden-file.js';
import { temporaryFolder } from '../temporary-folder.js';
import { dataFolder, folderSpec } from './fixtures/data-folder.js';
import { png } from './fixtures/images.js';

interface Case {
  height: number;
  width: number;
  pixels: number[];
  shortSide: number;
  imageSize: number;
  resizedHeight: number;
  resizedWidth: number;
  /** By torchvision's Resize, its CenterCrop, and its resized_crop of all of it. */
  resized: number[];
  centre: number[];
  wholeCrop: number[];
}

const { cases } = goldenFile<{ cases: Case[] }>('short-side.json');
const fileOf = (given: Case) => png(given, 2, Uint8Array.from(given.pixels));

test.each(cases)('images of $height×$width are resized and cropped as by torchvision', given => {
  const { shortSide, imageSize, resized, centre } = given;
  const decoder = new ImageDecoder({ height: imageSize, width: imageSize, channels: 3 }, true, shortSide);
  const stored = { kind: 'file', bytes: fileOf(given) } as const;
  const [small, whole] = [new Uint8Array(centre.length), new Uint8Array(resized.length + 1)];
  decoder.decode(stored, small, 0);
  decoder.decodeWhole(stored, whole, 1);
  expect([...small]).toEqual(centre);
  expect([...whole.subarray(1)]).toEqual(resized);
});

describe('a data set with shortSide', () => {
  const { shortSide, imageSize } = cases[0]!;
  /** The same image three times a class. */
  const files = (given: Case, name: string) =>
    [1, 2, 3].map((n): [string, Uint8Array] => [`${name}/${n}.png`, fileOf(given)]);
  const [wide, other] = [cases[0]!, { ...cases[0]!, pixels: cases[0]!.pixels.map(value => 255 - value) }];
  const spec = (changes: Partial<DataSpec> = {}) =>
    folderSpec(dataFolder(Object.fromEntries([...files(wide, 'a'), ...files(other, 'b')])), {
      imageSize,
      shortSide,
      validation: { source: 'split', fraction: 0.34, stratified: true, seed: 0 },
      ...changes,
    });
  /** Crops the whole image, whose aspect ratio this is. */
  const wholeCrop: AugmentationSpec = {
    ...defaultAugmentation,
    transforms: [
      {
        name: 'randomResizedCrop',
        scale: [1, 1],
        ratio: [wide.resizedWidth / wide.resizedHeight, wide.resizedWidth / wide.resizedHeight],
        interpolation: 'bilinear',
      },
    ],
  };
  const order = { batchSize: 4, seed: 0, epoch: 0, dropLast: false };
  const length = imageSize * imageSize * 3;

  async function trainImages(data: DataSpec, augmentation: AugmentationSpec, workers = 0) {
    const dataset = await openDataset(data, { cacheDir: temporaryFolder(), log: () => {} });
    const found: number[][] = [];
    for await (const { images, labels } of trainBatches(dataset, { ...order, augmentation, workers }))
      labels.forEach((label, i) => {
        if (label === 0) found.push([...images.subarray(i * length, (i + 1) * length)]);
      });
    return found;
  }

  test('trains on crops of the whole images', async () => {
    for (const workers of [0, 1])
      expect(await trainImages(spec(), wholeCrop, workers)).toEqual([wide.wholeCrop, wide.wholeCrop]);
  });

  test('trains on their centre where nothing is cropped, and is validated on it', async () => {
    const plain = { ...defaultAugmentation, transforms: [] };
    expect(await trainImages(spec(), plain)).toEqual([wide.centre, wide.centre]);
    const dataset = await openDataset(spec(), { cacheDir: temporaryFolder(), log: () => {} });
    for await (const { images } of validationBatches(dataset, { batchSize: 1 })) {
      expect([...images]).toEqual(wide.centre);
      break;
    }
  });

  test('leaves out bad images of both, and is cached', async () => {
    const all = Object.fromEntries([...files(wide, 'a'), ...files(other, 'b')]);
    const { root: _, ...rest } = spec({ skipBad: true });
    const bad = folderSpec(dataFolder({ 'a/0.png': Buffer.from('x'), ...all }), rest);
    const cacheDir = temporaryFolder();
    const options = { cacheDir, log: () => {} };
    const first = await openDataset(bad, options);
    // Asked for something else in between, it isn't in memory.
    await openDataset(spec({ shortSide: null }), options);
    const again = await openDataset(bad, options);
    expect(again.originals).toEqual(first.originals);
    expect(again.images).toEqual(first.images);
    expect(first.originals!.heights).toHaveLength(6);
  });

  test('is another one than that of squashed images', async () => {
    const squashed = await openDataset(spec({ shortSide: null }), {
      cacheDir: temporaryFolder(),
      log: () => {},
    });
    expect(squashed.originals).toBeNull();
    expect([...squashed.images.subarray(0, length)]).not.toEqual(wide.centre);
  });
});
