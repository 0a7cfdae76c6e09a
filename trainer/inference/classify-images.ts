/** Probabilities of images by one model. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Tensor } from '../engine/ops.js';
import type { OpenModel } from './open-model.js';
import type { View } from './views.js';

/**
 * images [N, H, W, C] bytes → probabilities [N × classes]: the mean of those of the views. `onBatch` is told the number
 * of images done.
 */
export async function classifyImages(
  model: OpenModel,
  images: Uint8Array,
  options: { views: readonly View[]; batchSize: number },
  onBatch: (images: number) => void,
): Promise<Float32Array> {
  const { views, batchSize } = options;
  const classes = model.classNames.length;
  const length = model.image.height * model.image.width * model.image.channels;
  const count = images.length / length;
  const result = new Float32Array(count * classes);
  for (let first = 0; first < count; first += batchSize) {
    const end = Math.min(first + batchSize, count);
    const bytes = images.subarray(first * length, end * length);
    const probabilities = meanOverViews(model, bytes, end - first, views);
    result.set(await probabilities.data(), first * classes);
    probabilities.dispose();
    onBatch(end - first);
    await nextTurn();
  }
  return result;
}

/** [N, classes]; belongs to the caller. */
function meanOverViews(
  { engine: { tf }, network, uploader }: OpenModel,
  images: Uint8Array,
  size: number,
  views: readonly View[],
): Tensor {
  return tf.tidy(() => {
    const ofView = (view: View) => {
      const batch = { size, images: view(images), labels: new Int32Array(size), erased: [], mix: null };
      return tf.tidy(() => tf.softmax(network.evaluate(uploader.images(batch))));
    };
    return tf.div(tf.addN(views.map(ofView)), views.length);
  });
}
