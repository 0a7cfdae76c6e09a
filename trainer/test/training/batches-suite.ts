import { describe, expect, it } from 'vitest';
import type { Engine } from '../../backend/engine.js';
import type { Batch, BatchMix } from '../../data/batch.js';
import { BatchUploader } from '../../training/device-batch.js';
import { targetRows } from '../../training/targets.js';
import { goldenFile } from '../golden-file.js';

type Images = number[][][][];
const golden = goldenFile<{
  mix_batch: { images: Images; labels: number[]; classes: number };
  mixes: {
    transform: 'mixup' | 'cutmix';
    lam?: number;
    lam_adjusted?: number;
    box?: { x1: number; y1: number; x2: number; y2: number };
    permutation: number[];
    images: Images;
    soft_labels: number[][];
  }[];
}>('mixes.json');

const mixOf = (entry: (typeof golden.mixes)[number]): BatchMix => {
  const permutation = Int32Array.from(entry.permutation);
  return entry.transform === 'mixup'
    ? { kind: 'mixUp', lambda: entry.lam!, permutation }
    : { kind: 'cutMix', lambda: entry.lam_adjusted!, permutation, box: entry.box! };
};

/** NCHW lists → NHWC values. */
const flat = (images: Images) =>
  images.flatMap(planes => planes[0]!.flatMap((row, y) => row.flatMap((_, x) => planes.map(p => p[y]![x]!))));

/** What becomes of a batch on its way into the model, on any engine. */
export function batchesSuite(engine: Engine): void {
  const { images, labels, classes } = golden.mix_batch;
  // The golden images are multiples of 1/16 from -2: bytes 0..64 give them exactly.
  const bytes = Uint8Array.from(flat(images), value => value * 16 + 32);
  const normalization = {
    mean: [32, 32, 32].map(value => value / 255),
    standardDeviation: [16, 16, 16].map(value => value / 255),
  };
  const batch: Batch = { size: 4, images: bytes, labels: Int32Array.from(labels), erased: [], mix: null };

  async function upload(changes: Partial<Batch>): Promise<Float32Array> {
    const uploader = new BatchUploader(engine, { height: 4, width: 4, channels: 3 }, normalization);
    const before = engine.tf.memory().numTensors;
    const tensor = engine.tf.tidy(() => uploader.images({ ...batch, ...changes }));
    expect(tensor.shape).toEqual([4, 4, 4, 3]);
    const values = (await tensor.data()) as Float32Array;
    tensor.dispose();
    expect(engine.tf.memory().numTensors).toBe(before);
    uploader.dispose();
    return values;
  }

  function expectImages(actual: Float32Array, expected: number[]): void {
    expect(Math.max(...expected.map((value, index) => Math.abs(value - actual[index]!)))).toBeLessThan(1e-6);
  }

  describe.each(golden.mixes.map((entry, index) => [index, entry] as const))('mix %i', (_, entry) => {
    it(`${entry.transform} as in torchvision`, async () => {
      expectImages(await upload({ mix: mixOf(entry) }), flat(entry.images));
      const rows = targetRows(batch.labels, classes, 0, mixOf(entry));
      expectImages(rows, entry.soft_labels.flat());
    });
  });

  it('is normalized', async () => {
    expectImages(await upload({}), flat(images));
  });

  it('is erased in boxes, after normalization and before it is mixed', async () => {
    const erased = [
      { image: 1, top: 1, left: 2, height: 2, width: 2, value: 9 },
      { image: 3, top: 0, left: 0, height: 4, width: 1, value: -7 },
    ];
    const expected = flat(images);
    const at = (image: number, y: number, x: number) => ((image * 4 + y) * 4 + x) * 3;
    for (const box of erased)
      for (let y = box.top; y < box.top + box.height; y++)
        for (let x = box.left; x < box.left + box.width; x++)
          expected.fill(box.value, at(box.image, y, x), at(box.image, y, x + 1));
    expectImages(await upload({ erased }), expected);

    const box = { x1: 0, y1: 0, x2: 4, y2: 4 };
    const mix: BatchMix = { kind: 'cutMix', lambda: 0, permutation: Int32Array.of(1, 0, 3, 2), box };
    const swapped = [1, 0, 3, 2].flatMap(image => expected.slice(at(image, 0, 0), at(image + 1, 0, 0)));
    expectImages(await upload({ erased, mix }), swapped);
  });
}
