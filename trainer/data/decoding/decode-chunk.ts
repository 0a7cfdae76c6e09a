import type { ImageShape } from '../../augmentation/image-buffer.js';
import { anyText, flag, listOf, natural, shape } from '../../contract/shape.js';
import type { Originals } from '../originals.js';
import type { ImageSource } from '../sources/image-source.js';
import { ImageDecoder, SizeError } from './decode-image.js';

/** What all chunks of a data set have in common. */
export interface DecodingTask {
  /** Numbers of the images in the source. */
  images: Int32Array;
  shape: ImageShape;
  resize: boolean;
  /** Null: images are squashed to the shape. Else the shorter side is resized, and `output` gets the centre. */
  shortSide: number | null;
  /** Gets the whole images, with `shortSide`, laid out by `offsets`. */
  originals: Pick<Originals, 'pixels' | 'offsets'> | null;
  /** [images, H, W, C], shared by the threads. */
  output: Uint8Array;
}

/** An image that can't be decoded. */
export interface BadImage {
  /** In the task's `images`. */
  place: number;
  name: string;
  message: string;
  /** It is sound, but has another size than the task's, and `resize` is false. */
  isOfAnotherSize: boolean;
}

export const badImages = listOf(
  shape<BadImage>({ place: natural, name: anyText, message: anyText, isOfAnotherSize: flag }),
);

/** Returns a function that decodes images [first, end) of the task and returns those that can't be decoded. */
export function chunkDecoder(
  source: ImageSource,
  task: DecodingTask,
): (first: number, end: number) => BadImage[] {
  const decoder = new ImageDecoder(task.shape, task.resize, task.shortSide);
  const { height, width, channels } = task.shape;
  const { originals } = task;
  return (first, end) => {
    const bad: BadImage[] = [];
    for (let i = first; i < end; i++) {
      const image = task.images[i]!;
      try {
        const stored = source.read(image);
        decoder.decode(stored, task.output, i * height * width * channels);
        if (originals) decoder.decodeWhole(stored, originals.pixels, originals.offsets[i]!);
      } catch (error) {
        bad.push({
          place: i,
          name: source.names[image]!,
          message: (error as Error).message,
          isOfAnotherSize: error instanceof SizeError,
        });
      }
    }
    return bad;
  };
}
