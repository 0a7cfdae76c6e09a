/** A batch on the device: bytes are uploaded, everything else happens there. */

import type { Batch, BatchMix, Normalization } from '../data/batch.js';
import type { Engine } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';

export interface ImageShape {
  height: number;
  width: number;
  channels: number;
}

/** Turns batches into model inputs. Holds two small tensors until `dispose`. */
export class BatchUploader {
  readonly #scale: Tensor;
  readonly #shift: Tensor;

  constructor(
    private readonly engine: Engine,
    private readonly image: ImageShape,
    { mean, standardDeviation }: Normalization,
  ) {
    // (x / 255 - mean) / deviation as one product and one sum.
    const { tf } = engine;
    this.#scale = tf.keep(tf.tensor1d(standardDeviation.map(deviation => 1 / (255 * deviation))));
    this.#shift = tf.keep(tf.tensor1d(mean.map((value, channel) => -value / standardDeviation[channel]!)));
  }

  /** Normalized, erased and mixed images [N, H, W, C]; belongs to the surrounding `tidy`. */
  images(batch: Batch): Tensor {
    const { tf, ops } = this.engine;
    const { height, width, channels } = this.image;
    const bytes = ops.imagesFromBytes(batch.images, [batch.size, height, width, channels]);
    const normalized = tf.add(tf.mul(bytes, this.#scale), this.#shift);
    return this.#mixed(this.#erased(normalized, batch), batch.mix);
  }

  dispose(): void {
    this.#scale.dispose();
    this.#shift.dispose();
  }

  #erased(images: Tensor, { size, erased }: Batch): Tensor {
    if (erased.length === 0) return images;
    const { tf } = this.engine;
    const { height, width, channels } = this.image;
    // One value a pixel is enough for boxes of one value.
    const depth = erased.every(({ fill }) => fill.length === 1) ? 1 : channels;
    const keep = new Float32Array(size * height * width).fill(1);
    const fill = new Float32Array(keep.length * depth);
    for (const box of erased)
      for (let y = 0; y < box.height; y++) {
        const row = (box.image * height + box.top + y) * width + box.left;
        const values = box.width * depth;
        keep.fill(0, row, row + box.width);
        for (let i = 0; i < values; i++)
          fill[row * depth + i] = box.fill[(y * values + i) % box.fill.length]!;
      }
    const ofPixels = tf.tensor(keep, [size, height, width, 1]);
    return tf.add(tf.mul(images, ofPixels), tf.tensor(fill, [size, height, width, depth]));
  }

  #mixed(images: Tensor, mix: BatchMix | null): Tensor {
    if (mix === null) return images;
    const { tf } = this.engine;
    const others = tf.gather(images, tf.tensor1d(mix.permutation, 'int32'));
    const share = mix.kind === 'mixUp' ? tf.scalar(mix.lambda) : this.#outsideOf(mix.box);
    return tf.add(tf.mul(images, share), tf.mul(others, tf.sub(1, share)));
  }

  /** [1, H, W, 1]: 0 in the box, 1 outside of it. */
  #outsideOf(box: { x1: number; y1: number; x2: number; y2: number }): Tensor {
    const { height, width } = this.image;
    const outside = new Float32Array(height * width).fill(1);
    for (let y = box.y1; y < box.y2; y++) outside.fill(0, y * width + box.x1, y * width + box.x2);
    return this.engine.tf.tensor(outside, [1, height, width, 1]);
  }
}
