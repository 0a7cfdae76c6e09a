import { type ErasedBox, ImageBuffer, type ImageShape } from '../../augmentation/image-buffer.js';
import { expansionPipeline, transformPipeline } from '../../augmentation/pipeline.js';
import type { Region } from '../../augmentation/resize.js';
import type { AugmentationSpec } from '../../contract/run-spec.js';
import type { Originals } from '../originals.js';
import { distinctImages } from './epoch-order.js';

/** All that a thread needs to make the batches of one epoch. The arrays lie in shared memory. */
export interface EpochSource {
  /** [all images, H, W, C]. */
  images: Uint8Array;
  shape: ImageShape;
  /** The whole images that a `randomResizedCrop`, the first transform, crops from; null: it crops from `images`. */
  originals: Originals | null;
  /** Images and their copies in the order of the epoch: see `epochOrder`. */
  order: Int32Array;
  augmentation: AugmentationSpec;
  seed: number;
  epoch: number;
}

/** A box and the image of the batch that it belongs to. */
export type BatchErasedBox = ErasedBox & { image: number };

/**
 * Returns a function that augments the images at [first, end) of the epoch's order, a batch, writes them one after the other to
 * `output` and returns the boxes to be erased. What it makes depends on nothing but its arguments.
 */
export function batchMaker(source: EpochSource) {
  const { images, shape, order, augmentation, seed, epoch } = source;
  const originals = augmentation.transforms[0]?.name === 'randomResizedCrop' ? source.originals : null;
  const { repeats, expansion } = augmentation;
  const augment = transformPipeline(augmentation, shape);
  const expand = expansionPipeline(augmentation, shape);
  const buffer = new ImageBuffer(shape);
  const length = shape.height * shape.width * shape.channels;
  const imageCount = images.length / length;
  return (first: number, end: number, output: Uint8Array): BatchErasedBox[] => {
    const erased: BatchErasedBox[] = [];
    const distinct = distinctImages(end - first, repeats);
    for (let i = 0; i < end - first; i++) {
      const entry = order[first + i]!;
      const place = entry % imageCount;
      if (originals) buffer.loadOriginal(regionOf(originals, place, shape.channels));
      else buffer.load(images, place * length);
      if (entry !== place) expand(buffer, expansion!.seed, (entry - place) / imageCount, place);
      augment(buffer, seed, epoch, entry, Math.floor(i / distinct));
      output.set(buffer.pixels, i * length);
      for (const box of buffer.erased) erased.push({ image: i, ...box });
    }
    return erased;
  };
}

function regionOf({ pixels, heights, widths, offsets }: Originals, place: number, channels: number): Region {
  const [height, width, start] = [heights[place]!, widths[place]!, offsets[place]!];
  const own = pixels.subarray(start, start + height * width * channels);
  return { pixels: own, rowLength: width, top: 0, left: 0, height, width };
}
