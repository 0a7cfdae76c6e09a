import { type ErasedBox, ImageBuffer, type ImageShape } from '../../augmentation/image-buffer.js';
import { transformPipeline } from '../../augmentation/pipeline.js';
import type { AugmentationSpec } from '../../contract/run-spec.js';

/** All that a thread needs to make the batches of one epoch. The arrays lie in shared memory. */
export interface EpochSource {
  /** [all images, H, W, C]. */
  images: Uint8Array;
  shape: ImageShape;
  /** Places of the images in the data set, in the order of the epoch. */
  order: Int32Array;
  augmentation: AugmentationSpec;
  seed: number;
  epoch: number;
}

/** A box and the image of the batch that it belongs to. */
export type BatchErasedBox = ErasedBox & { image: number };

/**
 * Returns a function that augments the images at [first, end) of the epoch's order, writes them one after the other to
 * `output` and returns the boxes to be erased. What it makes depends on nothing but its arguments.
 */
export function batchMaker({ images, shape, order, augmentation, seed, epoch }: EpochSource) {
  const augment = transformPipeline(augmentation, shape);
  const buffer = new ImageBuffer(shape);
  const length = shape.height * shape.width * shape.channels;
  return (first: number, end: number, output: Uint8Array): BatchErasedBox[] => {
    const erased: BatchErasedBox[] = [];
    for (let at = first; at < end; at++) {
      const place = order[at]!;
      buffer.load(images, place * length);
      augment(buffer, seed, epoch, place);
      output.set(buffer.pixels, (at - first) * length);
      for (const box of buffer.erased) erased.push({ image: at - first, ...box });
    }
    return erased;
  };
}
