import { afterAll, describe, expect, test } from 'vitest';
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
  };
}

const none: AugmentationSpec = { transforms: [], mix: [], mixProbability: 1 };
const all: AugmentationSpec = {
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
