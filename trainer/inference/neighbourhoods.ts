/** The training images nearest to some images, as pictures. */
import { existsSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { EmbedRequest, Neighbourhood, Picture } from '../contract/inference.js';
import type { DataSpec } from '../contract/run-spec.js';
import { decodeAll } from '../data/decoding/decode-all.js';
import { imageFinder } from '../data/formats/image-finder.js';
import { FolderSource } from '../data/sources/folder-source.js';
import type { NamedDataset } from './cell-dataset.js';
import { decodingOf } from './decoded-chunks.js';
import { type Features, featuresOf } from './features.js';
import { nearest } from './nearest.js';
import type { OpenModel } from './open-model.js';
import { pngOf } from './picture.js';
import { RequestError } from './request-error.js';

export interface Query {
  id: string;
  label: string | null;
  /** [H, W, C] bytes. */
  image: Uint8Array;
}

/** Rejects with a RequestError for what is neither a validation image nor a file that can be decoded. */
export async function readQueries(
  { queries, samples, model }: EmbedRequest,
  dataset: NamedDataset,
): Promise<Query[]> {
  const { validation, ids, labels, classes } = dataset;
  const { find } = imageFinder(Array.from(validation, place => ids[place]!));
  const queryAt = (row: number): Query => {
    const place = validation[row]!;
    return { id: ids[place]!, label: classes[labels[place]!]!, image: imageAt(dataset, place) };
  };
  const named = await Promise.all(
    queries.map(({ name, path }) => {
      const row = find(name);
      return row === undefined ? readFileQuery(path, name, dataset, model.spec.data) : queryAt(row);
    }),
  );
  const spread = Math.min(samples, validation.length);
  const sampled = Array.from({ length: spread }, (_, i) =>
    queryAt(Math.floor(((i + 0.5) * validation.length) / spread)),
  );
  return [...named, ...sampled];
}

async function readFileQuery(
  path: string,
  name: string,
  { height, width, channels }: NamedDataset,
  data: DataSpec,
): Promise<Query> {
  if (!existsSync(path)) throw new RequestError(`--image ${name}: neither a validation image nor a file`);
  const image = new Uint8Array(height * width * channels);
  const [bad] = await decodeAll(new FolderSource(dirname(path), [basename(path)]), {
    images: Int32Array.of(0),
    shape: { height, width, channels },
    ...decodingOf(data),
    originals: null,
    output: image,
  });
  if (bad !== undefined) throw new RequestError(`--image ${name}: ${bad.message}`);
  return { id: name, label: null, image };
}

/** The `count` nearest training images of each query, by the `features` of all training images. */
export async function neighbourhoods(
  model: OpenModel,
  queries: readonly Query[],
  { dataset, features, count }: { dataset: NamedDataset; features: Features; count: number },
): Promise<Neighbourhood[]> {
  if (queries.length === 0) return [];
  const { ids, labels, classes, train } = dataset;
  const images = new Uint8Array(queries.flatMap(({ image }) => [...image]));
  const places = Int32Array.from(queries.keys());
  const asked = await featuresOf(model, images, places, { batchSize: queries.length, onBatch: () => {} });
  const found = await nearest(model.engine, asked, features, count);
  const picture = (id: string, label: string | null, image: Uint8Array): Picture => ({
    id,
    label,
    png: Buffer.from(pngOf(image, dataset)).toString('base64'),
  });
  return queries.map(({ id, label, image }, query) => ({
    query: picture(id, label, image),
    neighbours: Array.from({ length: found.count }, (_, i) => {
      const place = train[found.rows[query * found.count + i]!]!;
      return {
        ...picture(ids[place]!, classes[labels[place]!]!, imageAt(dataset, place)),
        similarity: found.similarities[query * found.count + i]!,
      };
    }),
  }));
}

function imageAt({ images, height, width, channels }: NamedDataset, place: number): Uint8Array {
  const length = height * width * channels;
  return images.subarray(place * length, (place + 1) * length);
}
