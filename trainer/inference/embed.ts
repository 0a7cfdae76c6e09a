/** Features of images, and how well their nearest neighbours know them. */

import type { Answered, EmbedAnswer, EmbedRequest, FeatureQuality } from '../contract/inference.js';
import type { Engine } from '../engine/engine.js';
import { type NamedDataset, openNamedDataset } from './cell-dataset.js';
import { counting } from './counting.js';
import { embedImages } from './embed-images.js';
import { type Features, featuresOf } from './features.js';
import { nearest, votes } from './nearest.js';
import { neighbourhoods, readQueries } from './neighbourhoods.js';
import { type OpenModel, openModel } from './open-model.js';

/** `onProgress` is told the number of images done. */
export async function embed(
  engine: Engine,
  request: EmbedRequest,
  onProgress: (done: number, total: number) => void,
): Promise<Answered<EmbedAnswer>> {
  const model = await openModel(engine, request.model);
  try {
    return await (request.images === null ? embedDataset : embedImages)(model, request, onProgress);
  } finally {
    model.dispose();
  }
}

/** Features of the validation images, judged by those of the training images. */
async function embedDataset(
  model: OpenModel,
  request: EmbedRequest,
  onProgress: (done: number, total: number) => void,
): Promise<Answered<EmbedAnswer>> {
  const { engine } = model;
  const { data } = request.model.spec;
  const dataset = await openNamedDataset(model, data, request.cacheDir);
  const { images, ids, labels, classes, train, validation } = dataset;
  const queries = await readQueries(request, dataset);
  const needsGallery = request.votes.length > 0 || queries.length > 0;
  const total = validation.length + (needsGallery ? train.length : 0);
  const options = { batchSize: request.batchSize, onBatch: counting(total, onProgress) };
  const validated = await featuresOf(model, images, validation, options);
  const gallery = needsGallery ? await featuresOf(model, images, train, options) : undefined;
  const answer: EmbedAnswer = {
    type: 'embedded',
    ids: Array.from(validation, place => ids[place]!),
    labels: Array.from(validation, place => classes[labels[place]!]!),
    dimensions: validated.dimensions,
    unusable: [],
    quality:
      gallery && request.votes.length > 0
        ? await judge(engine, dataset, validated, gallery, request.votes)
        : null,
    neighbourhoods: gallery
      ? await neighbourhoods(model, queries, { dataset, features: gallery, count: request.neighbours })
      : [],
    engine: engine.info,
  };
  return { answer, numbers: validated.values };
}

async function judge(
  engine: Engine,
  { labels, train, validation }: NamedDataset,
  validated: Features,
  gallery: Features,
  ks: readonly number[],
): Promise<FeatureQuality> {
  const expected = validation.map(place => labels[place]!);
  const galleryLabels = train.map(place => labels[place]!);
  const share = (given: Int32Array) =>
    given.reduce((sum, label, row) => sum + Number(label === expected[row]), 0) / expected.length;
  const found = await nearest(engine, validated, gallery, Math.max(...ks));
  return {
    trainImages: train.length,
    accuracy: share(validated.predicted),
    nearestNeighbours: ks.map(k => ({ k, accuracy: share(votes(found, galleryLabels, k)) })),
  };
}
