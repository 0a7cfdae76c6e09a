import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Batch, BatchMix } from '../../data/batch.js';
import type { Engine } from '../../engine/engine.js';
import { BatchUploader } from '../../training/device-batch.js';
import { targetRows } from '../../training/targets.js';
import { readGolden } from '../golden.js';
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

  it('is normalized and erased as by torchvision’s Normalize and erase', async () => {
    const { height, width } = { height: 40, width: 40 };
    const image = gunzipSync(readGolden('operations.bin.gz')).subarray(0, 4800);
    const expected = gunzipSync(readGolden('normalized.bin.gz'));
    const uploader = new BatchUploader(
      engine,
      { height, width, channels: 3 },
      { mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225] },
    );
    const box = { image: 0, top: 3, left: 30, height: 17, width: 9, fill: Float32Array.of(0.25, -0.5, 1) };
    const one = { size: 1, images: Uint8Array.from(image), labels: Int32Array.of(0), mix: null };
    for (const [index, erased] of [[], [box]].entries()) {
      const values = engine.tf.tidy(() => uploader.images({ ...one, erased }).dataSync());
      values.forEach((value, i) => {
        // The file is [C, H, W], both images one after the other.
        const at = index * 4800 + (i % 3) * 1600 + Math.floor(i / 3);
        expect(Math.abs(value - expected.readFloatLE(4 * at))).toBeLessThan(1e-6);
      });
    }
    uploader.dispose();
  });

  it('is erased in boxes, of one value, one a channel or one a pixel, after normalization and before it is mixed', async () => {
    const erased = [
      { image: 1, top: 1, left: 2, height: 2, width: 2, fill: Float32Array.of(9) },
      { image: 2, top: 0, left: 0, height: 4, width: 1, fill: Float32Array.of(-7, 0, 7) },
      { image: 3, top: 2, left: 1, height: 2, width: 1, fill: Float32Array.of(1, 2, 3, 4, 5, 6) },
    ];
    const expected = flat(images);
    const at = (image: number, y: number, x: number) => ((image * 4 + y) * 4 + x) * 3;
    for (const box of erased)
      for (let y = box.top; y < box.top + box.height; y++)
        for (let x = box.left; x < box.left + box.width; x++)
          for (let c = 0; c < 3; c++) {
            const inBox = ((y - box.top) * box.width + x - box.left) * 3 + c;
            expected[at(box.image, y, x) + c] = box.fill[inBox % box.fill.length]!;
          }
    expectImages(await upload({ erased }), expected);

    const box = { x1: 0, y1: 0, x2: 4, y2: 4 };
    const mix: BatchMix = { kind: 'cutMix', lambda: 0, permutation: Int32Array.of(1, 0, 3, 2), box };
    const swapped = [1, 0, 3, 2].flatMap(image => expected.slice(at(image, 0, 0), at(image + 1, 0, 0)));
    expectImages(await upload({ erased, mix }), swapped);
  });
}
