/** The data set of a cell, for what a trained model is asked about it. */
import { classRows } from '../checkpoints/class-rows.js';
import type { DataSpec } from '../contract/run-spec.js';
import { type Dataset, openDataset } from '../data/dataset.js';
import { imageNames } from '../data/image-names.js';
import type { OpenModel } from './open-model.js';
import { RequestError } from './request-error.js';
import { listSome } from './template-context.js';

export interface NamedDataset extends Dataset {
  /** Name of the image at each place. */
  ids: string[];
}

/**
 * The data of a cell, its classes in the order of the model's. Rejects with a DataError where the data can't be used, with a
 * RequestError where the model doesn't know one of its classes or was trained on images of another size.
 */
export async function openCellDataset(
  { classNames, image }: OpenModel,
  data: DataSpec,
  cacheDir: string,
): Promise<Dataset> {
  const dataset = await openDataset(data, { cacheDir, log: message => console.error(message) });
  const { height, width, channels, classes } = dataset;
  const sizes = [image, { height, width, channels }].map(
    shape => `${shape.height}×${shape.width} with ${shape.channels} channels`,
  );
  if (sizes[0] !== sizes[1])
    throw new RequestError(
      `the data in ${data.root} has images of ${sizes[1]}, the cell was trained on ${sizes[0]}`,
    );
  const places = classRows(classes, classNames);
  const unknown = classes.filter((_, index) => places[index]! < 0);
  if (unknown.length > 0)
    throw new RequestError(
      `the data in ${data.root} has other classes than those that the cell was trained on: it doesn't know ${listSome(unknown)}; it knows ${listSome(classNames)}`,
    );
  return {
    ...dataset,
    classes: [...classNames],
    labels: dataset.labels.map(label => places[label]!),
  };
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
