/** Batches as the model gets them, as images again: to see what an augmentation does. */
import { normalizationOf } from '../augmentation/normalization.js';
import type { AugmentationSpec } from '../contract/run-spec.js';
import type { Batch, Normalization } from '../data/batch.js';
import type { Engine } from '../engine/engine.js';
import { BatchUploader } from './device-batch.js';
import type { RunData } from './run-data.js';

interface AugmentedOptions {
  augmentation: AugmentationSpec;
  seed: number;
  batchSize: number;
}

/** The first batch of the first epoch and the first one of validation: images [H, W, C] as bytes. */
export async function augmentedBatches(
  engine: Engine,
  data: RunData,
  { augmentation, seed, batchSize }: AugmentedOptions,
): Promise<{ train: Uint8Array[]; validation: Uint8Array[] }> {
  const normalization = normalizationOf(augmentation, data.image.channels);
  const uploader = new BatchUploader(engine, data.image, normalization);
  const show = async (batch: Batch) => {
    const tensor = engine.tf.tidy(() => uploader.images(batch));
    const values = (await tensor.data()) as Float32Array;
    tensor.dispose();
    return imagesOf(values, batch.size, normalization);
  };
  const order = { batchSize, dropLast: false, seed, epoch: 0, augmentation };
  try {
    return {
      train: await show(await first(data.trainBatches(order))),
      validation: await show(await first(data.validationBatches(batchSize))),
    };
  } finally {
    uploader.dispose();
  }
}

/** Undoes the normalization; what it put out of range is cut off. */
function imagesOf(
  values: Float32Array,
  count: number,
  { mean, standardDeviation }: Normalization,
): Uint8Array[] {
  const channels = mean.length;
  const bytes = Uint8ClampedArray.from(
    values,
    (value, i) => (value * standardDeviation[i % channels]! + mean[i % channels]!) * 255,
  );
  const length = bytes.length / count;
  return Array.from({ length: count }, (_, image) =>
    Uint8Array.from(bytes.subarray(image * length, (image + 1) * length)),
  );
}

async function first<T>(items: AsyncIterable<T>): Promise<T> {
  for await (const item of items) return item;
  throw new Error('there is no batch');
}
