/** What a model makes of images before its last layer, and what that layer makes of it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { OpenModel } from './open-model.js';

export interface Features {
  /** [N × dimensions]. */
  values: Float32Array;
  dimensions: number;
  /** [N]: class index of the largest logit. */
  predicted: Int32Array;
}

/**
 * Features of the images at these places of `images` [.., H, W, C] bytes. `onBatch` is told the number of images done.
 */
export async function featuresOf(
  model: OpenModel,
  images: Uint8Array,
  places: Int32Array,
  options: { batchSize: number; onBatch: (images: number) => void },
): Promise<Features> {
  const { engine, network, uploader, image } = model;
  const { tf } = engine;
  const length = image.height * image.width * image.channels;
  const predicted = new Int32Array(places.length);
  let values = new Float32Array();
  let dimensions = 0;
  for (let first = 0; first < places.length; first += options.batchSize) {
    const part = places.subarray(first, first + options.batchSize);
    const size = part.length;
    const bytes = new Uint8Array(size * length);
    part.forEach((place, row) => {
      bytes.set(images.subarray(place * length, (place + 1) * length), row * length);
    });
    const batch = { size, images: bytes, labels: new Int32Array(size), erased: [], mix: null };
    const [features, classes] = tf.tidy(() => {
      const output = network.evaluateWithFeatures(uploader.images(batch));
      // A copy: the features may be a view of what `tidy` disposes.
      return [tf.clone(output.features), tf.argMax(output.logits, 1)] as const;
    });
    dimensions = features.shape[1]!;
    if (first === 0) values = new Float32Array(places.length * dimensions);
    values.set(await features.data(), first * dimensions);
    predicted.set(await classes.data(), first);
    tf.dispose([features, classes]);
    options.onBatch(size);
    await nextTurn();
  }
  return { values, dimensions, predicted };
}
