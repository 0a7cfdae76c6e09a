import { afterAll, describe, expect, test } from 'vitest';
import { defaultAugmentation } from '../../contract/defaults.js';
import type { AugmentationSpec } from '../../contract/run-spec.js';
import type { Batch } from '../../data/batch.js';
import type { Dataset } from '../../data/dataset.js';
import {
  type BatchStream,
  type TrainBatchOptions,
  trainBatches,
  validationBatches,
} from '../../data/loader.js';
import { batchWorkers, endBatchWorkers } from '../../data/loading/worker-pool.js';

afterAll(endBatchWorkers);

/** 50 images of 8×8×3, image i all of grey level i, label i modulo 5; every fifth is held out. */
function dataset(): Dataset {
  const images = new Uint8Array(new SharedArrayBuffer(50 * 192)).map((_, i) => Math.floor(i / 192));
  const shared = new Uint8Array(new SharedArrayBuffer(images.length));
  shared.set(images);
  const places = Int32Array.from({ length: 50 }, (_, i) => i);
  return {
    fingerprint: 'test',
    classes: ['a', 'b', 'c', 'd', 'e'],
    height: 8,
    width: 8,
    channels: 3,
    images: shared,
    labels: places.map(i => i % 5),
    train: places.filter(i => i % 5 !== 2),
    validation: places.filter(i => i % 5 === 2),
    originals: null,
    skipped: [],
    warnings: [],
  };
}

const none: AugmentationSpec = { ...defaultAugmentation, transforms: [] };
const all: AugmentationSpec = {
  ...defaultAugmentation,
  transforms: [
    { name: 'randomResizedCrop', scale: [0.2, 1], ratio: [0.75, 1.33], interpolation: 'bilinear' },
    { name: 'randomCrop', padding: 2, paddingMode: 'constant', fill: 200 },
    { name: 'randomHorizontalFlip', probability: 0.5 },
    { name: 'normalize', mean: [0.5], standardDeviation: [0.5] },
    { name: 'randomErasing', probability: 0.5, scale: [0.02, 0.33], ratio: [0.3, 3.3], value: 0 },
  ],
  mix: [
    { name: 'cutMix', alpha: 1, weight: 1 },
    { name: 'mixUp', alpha: 0.2, weight: 1 },
  ],
  mixProbability: 0.7,
};
const options = (changes: Partial<TrainBatchOptions> = {}): TrainBatchOptions => ({
  augmentation: none,
  batchSize: 8,
  seed: 1,
  epoch: 1,
  dropLast: false,
  workers: 0,
  ...changes,
});

async function collect(stream: BatchStream): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of stream) batches.push({ ...batch, images: Uint8Array.from(batch.images) });
  expect(batches).toHaveLength(stream.length);
  return batches;
}
const levels = (batches: Batch[]) =>
  batches.flatMap(({ images, size }) => Array.from({ length: size }, (_, i) => images[i * 192]!));

describe('training batches', () => {
  test('hold each training image once, with its label, in another order each epoch', async () => {
    const data = dataset();
    const first = await collect(trainBatches(data, options()));
    const second = await collect(trainBatches(data, options({ epoch: 2 })));
    expect(levels(first).sort((a, b) => a - b)).toEqual([...data.train]);
    expect(levels(second)).not.toEqual(levels(first));
    expect(first.flatMap(({ labels }) => [...labels])).toEqual(levels(first).map(level => level % 5));
    expect(first.map(({ size }) => size)).toEqual([8, 8, 8, 8, 8]);
  });

  test('end with a smaller one, or without it', async () => {
    const sizes = (batches: Batch[]) =>
      batches.map(({ size, images, labels }) => [size, images.length / 192, labels.length]);
    expect(sizes(await collect(trainBatches(dataset(), options({ batchSize: 15 }))))).toEqual([
      [15, 15, 15],
      [15, 15, 15],
      [10, 10, 10],
    ]);
    expect(await collect(trainBatches(dataset(), options({ batchSize: 15, dropLast: true })))).toHaveLength(
      2,
    );
    expect(() => trainBatches(dataset(), options({ batchSize: 41, dropLast: true }))).toThrow(
      'dropLast leaves no batch: 40 training images, batchSize 41',
    );
  });

  test.each([1, 2, 3])('are the same from %i threads as from none', async workers => {
    const expected = await collect(trainBatches(dataset(), options({ augmentation: all })));
    expect(await collect(trainBatches(dataset(), options({ augmentation: all, workers })))).toEqual(expected);
    expect(expected.some(({ erased }) => erased.length > 0)).toBe(true);
    expect(expected.some(({ mix }) => mix !== null)).toBe(true);
  });

  test('an image is augmented alike in batches of any size', async () => {
    const augmentation = { ...all, mix: [] };
    const pixels = async (batchSize: number) =>
      (await collect(trainBatches(dataset(), options({ augmentation, batchSize })))).flatMap(({ images }) => [
        ...images,
      ]);
    expect(await pixels(40)).toEqual(await pixels(7));
  });

  test('with repeats hold fewer images, each so often in one batch, augmented anew', async () => {
    const data = dataset();
    const augmentation = { ...all, mix: [], repeats: 3 };
    const repeated = options({ augmentation: { ...none, repeats: 3 }, batchSize: 15 });
    const batches = await collect(trainBatches(data, repeated));
    expect(batches.map(({ size }) => size)).toEqual([15, 15, 10]);
    const seen = new Set<number>();
    for (const batch of batches) {
      const distinct = Math.ceil(batch.size / 3);
      const images = levels([batch]);
      for (const image of images.slice(0, distinct)) {
        expect(seen.has(image)).toBe(false);
        seen.add(image);
      }
      images.forEach((image, i) => {
        expect(image).toBe(images[i % distinct]);
      });
      expect([...batch.labels]).toEqual(images.map(image => image % 5));
    }
    const [augmented] = await collect(trainBatches(data, { ...repeated, augmentation }));
    const pixels = (i: number) => augmented!.images.subarray(i * 192, (i + 1) * 192);
    expect(pixels(5)).not.toEqual(pixels(0));
    const [once] = await collect(
      trainBatches(data, { ...repeated, augmentation: { ...augmentation, repeats: 1 } }),
    );
    expect(augmented!.images.subarray(0, 5 * 192)).toEqual(once!.images.subarray(0, 5 * 192));
  });

  const expansion = {
    copies: 2,
    keepOriginals: true,
    seed: 5,
    transforms: [{ name: 'colorJitter', brightness: [0.5, 1.5], contrast: 0, saturation: 0, hue: 0 }],
  };

  test('of an expanded set hold each image and each copy once, the copies alike in every epoch and cell', async () => {
    const data = dataset();
    const augmentation = { ...none, expansion };
    const sorted = async (changes: Partial<TrainBatchOptions>) =>
      levels(await collect(trainBatches(data, options({ augmentation, ...changes })))).sort((a, b) => a - b);
    const first = await sorted({});
    expect(first).toHaveLength(3 * data.train.length);
    expect(await sorted({ epoch: 2, seed: 9, batchSize: 11 })).toEqual(first);
    const copies = await sorted({
      augmentation: { ...none, expansion: { ...expansion, keepOriginals: false } },
    });
    expect([...copies, ...data.train].sort((a, b) => a - b)).toEqual(first);
    const other = await sorted({ augmentation: { ...none, expansion: { ...expansion, seed: 6 } } });
    expect(other).not.toEqual(first);
  });

  test('of an expanded set have the labels of what is copied', async () => {
    const augmentation = {
      ...none,
      expansion: { ...expansion, transforms: [{ name: 'randomHorizontalFlip', probability: 0.5 }] },
    };
    const batches = await collect(trainBatches(dataset(), options({ augmentation })));
    expect(batches.flatMap(({ labels }) => [...labels])).toEqual(levels(batches).map(level => level % 5));
  });

  test('of everything at once are the same from threads as from none', async () => {
    const augmentation = { ...all, repeats: 2, expansion };
    const expected = await collect(trainBatches(dataset(), options({ augmentation })));
    expect(await collect(trainBatches(dataset(), options({ augmentation, workers: 2 })))).toEqual(expected);
    expect(expected).toHaveLength(15);
  });

  test('may be left early, and begun again, with the same threads', async () => {
    const [worker] = batchWorkers(1);
    for (let i = 0; i < 3; i++)
      for await (const batch of trainBatches(dataset(), options({ workers: 1 }))) {
        expect(batch.size).toBe(8);
        break;
      }
    expect(batchWorkers(1)).toEqual([worker]);
    const batches = await collect(trainBatches(dataset(), options({ workers: 1 })));
    expect(levels(batches)).toEqual(levels(await collect(trainBatches(dataset(), options()))));
  });

  test('of two epochs at once don’t mix', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(epoch =>
        collect(trainBatches(dataset(), options({ epoch, workers: 2, augmentation: all }))),
      ),
    );
    expect(first).toEqual(await collect(trainBatches(dataset(), options({ epoch: 1, augmentation: all }))));
    expect(second).toEqual(await collect(trainBatches(dataset(), options({ epoch: 2, augmentation: all }))));
  });

  test('a thread that ends is an error, and is replaced', async () => {
    const iterate = async () => {
      for await (const _ of trainBatches(dataset(), options({ workers: 2, batchSize: 1 })))
        await Promise.all(batchWorkers(2).map(worker => worker.terminate()));
    };
    await expect(iterate()).rejects.toThrow('a batch thread ended with exit code 1');
    expect(await collect(trainBatches(dataset(), options({ workers: 2 })))).toHaveLength(5);
  });

  test('count the time that is waited for them, not the step’s', async () => {
    const stream = trainBatches(dataset(), options({ workers: 1 }));
    const start = performance.now();
    for await (const _ of stream) await new Promise(resolve => setTimeout(resolve, 30));
    expect(stream.dataWaitSeconds).toBeGreaterThan(0);
    expect(stream.dataWaitSeconds).toBeLessThan((performance.now() - start) / 1000 - 0.12);
  });
});

test('validation batches are in order and not augmented', async () => {
  const batches = await collect(validationBatches(dataset(), { batchSize: 4 }));
  expect(levels(batches)).toEqual([2, 7, 12, 17, 22, 27, 32, 37, 42, 47]);
  expect(batches.map(({ size }) => size)).toEqual([4, 4, 2]);
  expect(batches.flatMap(({ labels }) => [...labels])).toEqual(new Array(10).fill(2));
});
