/** Features of images without labels: those of a folder or zip. */
import type { Answered, EmbedAnswer, EmbedRequest } from '../contract/inference.js';
import { counting } from './counting.js';
import { decodedChunks } from './decoded-chunks.js';
import { featuresOf } from './features.js';
import { listImages } from './image-list.js';
import type { OpenModel } from './open-model.js';

export async function embedImages(
  model: OpenModel,
  { images, model: { spec }, batchSize }: EmbedRequest,
  onProgress: (done: number, total: number) => void,
): Promise<Answered<EmbedAnswer>> {
  const list = listImages(images!, spec.data);
  const onBatch = counting(list.ids.length, onProgress);
  const parts: Float32Array[] = [];
  const ids: string[] = [];
  const unusable: EmbedAnswer['unusable'] = [];
  let dimensions = 0;
  try {
    for await (const chunk of decodedChunks(list, model.image, spec.data)) {
      const places = chunk.usable;
      const features = await featuresOf(model, chunk.images, places, { batchSize, onBatch });
      dimensions = features.dimensions;
      parts.push(features.values);
      for (const place of places) ids.push(list.ids[chunk.first + place]!);
      unusable.push(...chunk.unusable.map(({ id, message }) => ({ id, message })));
      onBatch(chunk.unusable.length);
    }
  } finally {
    list.source.close();
  }
  return {
    answer: {
      type: 'embedded',
      ids,
      labels: null,
      dimensions,
      unusable,
      quality: null,
      neighbourhoods: [],
      engine: model.engine.info,
    },
    numbers: concatenated(parts),
  };
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
