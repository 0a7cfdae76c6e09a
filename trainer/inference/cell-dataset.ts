/** The data set of a cell, for what a trained model is asked about it. */
import type { DataSpec } from '../contract/run-spec.js';
import { type Dataset, openDataset } from '../data/dataset.js';
import { imageNames } from '../data/image-names.js';
import type { OpenModel } from './open-model.js';
import { RequestError } from './request-error.js';

export interface NamedDataset extends Dataset {
  /** Name of the image at each place. */
  ids: string[];
}

/**
 * Rejects with a DataError where the data can't be used, with a RequestError where its classes or image size are not
 * those that the model was trained on.
 */
export async function openCellDataset(
  { classNames, image }: OpenModel,
  data: DataSpec,
  cacheDir: string,
): Promise<Dataset> {
  const dataset = await openDataset(data, { cacheDir, log: message => console.error(message) });
  const { height, width, channels, classes } = dataset;
  const isAlike =
    JSON.stringify([classes, height, width, channels]) ===
    JSON.stringify([classNames, image.height, image.width, image.channels]);
  if (!isAlike)
    throw new RequestError(
      `the data in ${data.root} has other classes or another image size than that which the cell was trained on`,
    );
  return dataset;
}

/** The same with the names of the images. */
export async function openNamedDataset(
  model: OpenModel,
  data: DataSpec,
  cacheDir: string,
): Promise<NamedDataset> {
  const dataset = await openCellDataset(model, data, cacheDir);
  return { ...dataset, ids: imageNames(data, dataset, cacheDir) };
}
