/** The validation images of a cell, as its training saw them. */
import type { DataSpec } from '../contract/run-spec.js';
import { openCellDataset } from './cell-dataset.js';
import type { OpenModel } from './open-model.js';

export interface LabelledImages {
  /** [N, H, W, C] bytes. */
  images: Uint8Array;
  /** [N] class indices. */
  labels: Int32Array;
  /** Places in the data set: equal places of equal fingerprints are equal images. */
  places: Int32Array;
  fingerprint: string;
}

/** Rejects as `openCellDataset` does. */
export async function validationImages(
  model: OpenModel,
  data: DataSpec,
  cacheDir: string,
): Promise<LabelledImages> {
  const dataset = await openCellDataset(model, data, cacheDir);
  const length = dataset.height * dataset.width * dataset.channels;
  const places = dataset.validation;
  const images = new Uint8Array(places.length * length);
  places.forEach((place, row) => {
    images.set(dataset.images.subarray(place * length, (place + 1) * length), row * length);
  });
  const labels = Int32Array.from(places, place => dataset.labels[place]!);
  return { images, labels, places, fingerprint: dataset.fingerprint };
}
