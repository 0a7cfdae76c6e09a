import type { Batch } from '../../data/batch.js';
import type { RunData, TrainOrder } from '../../training/run-data.js';

const size = 8;
const pixels = size * size * 3;
export const classes = 3;

/** Noise around a grey level of the class: can be learned, not at once. */
function image(index: number): Uint8Array {
  const label = index % classes;
  return Uint8Array.from(
    { length: pixels },
    (_, p) => (label * 60 + ((index * 7919 + p * 104729) % 97)) & 255,
  );
}

function batchOf(indices: readonly number[]): Batch {
  const images = new Uint8Array(indices.length * pixels);
  for (const [n, index] of indices.entries()) images.set(image(index), n * pixels);
  return {
    size: indices.length,
    images,
    labels: Int32Array.from(indices, index => index % classes),
    erased: [],
    mix: null,
  };
}

/** A small data set without files: every third batch is mixed, and one image of each is erased in part. */
export function inMemoryData(options: { trainImages?: number; validationImages?: number } = {}): RunData {
  const { trainImages = 20, validationImages = 9 } = options;
  return {
    fingerprint: `in memory ${trainImages} ${validationImages}`,
    split: `the last ${validationImages}`,
    image: { height: size, width: size, channels: 3 },
    classes,
    classNames: ['dark', 'grey', 'light'],
    trainImages,
    validationImages,
    warnings: [],
    async *trainBatches({ batchSize, dropLast, seed, epoch }: TrainOrder) {
      const order = Array.from({ length: trainImages }, (_, index) => index).sort(
        (a, b) => rank(a, seed, epoch) - rank(b, seed, epoch),
      );
      for (let start = 0; start < trainImages; start += batchSize) {
        const indices = order.slice(start, start + batchSize);
        if (dropLast && indices.length < batchSize) return;
        const batch = batchOf(indices);
        const erased = [{ image: 0, top: 1, left: 2, height: 3, width: 4, fill: Float32Array.of(0.5) }];
        const permutation = Int32Array.from(indices.keys()).reverse();
        const lambda = 0.75;
        yield { ...batch, erased, mix: epoch % 3 === 1 ? { kind: 'mixUp', lambda, permutation } : null };
      }
    },
    async *validationBatches(batchSize) {
      for (let start = 0; start < validationImages; start += batchSize)
        yield batchOf(
          Array.from({ length: Math.min(batchSize, validationImages - start) }, (_, n) => 1000 + start + n),
        );
    },
  };
}

const rank = (index: number, seed: number, epoch: number) =>
  (Math.imul(index + 1, 2654435761) ^ Math.imul(epoch * 31 + seed + 1, 40503)) >>> 0;
