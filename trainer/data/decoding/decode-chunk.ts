import type { ImageShape } from '../../augmentation/image-buffer.js';
import type { ImageSource } from '../sources/image-source.js';
import { ImageDecoder, SizeError } from './decode-image.js';

/** What all chunks of a data set have in common. */
export interface DecodingTask {
  /** Numbers of the images in the source. */
  images: Int32Array;
  shape: ImageShape;
  resize: boolean;
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

/** Returns a function that decodes images [first, end) of the task and returns those that can't be decoded. */
export function chunkDecoder(
  source: ImageSource,
  task: DecodingTask,
): (first: number, end: number) => BadImage[] {
  const decoder = new ImageDecoder(task.shape, task.resize);
  const { height, width, channels } = task.shape;
  return (first, end) => {
    const bad: BadImage[] = [];
    for (let i = first; i < end; i++) {
      const image = task.images[i]!;
      try {
        decoder.decode(source.read(image), task.output, i * height * width * channels);
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
