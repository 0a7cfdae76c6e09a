/** The images of a list, decoded a part at a time, so that memory doesn't grow with their number. */
import type { ImageShape } from '../augmentation/image-buffer.js';
import type { UnusableImage } from '../contract/inference.js';
import type { DataSpec } from '../contract/run-spec.js';
import { sharedBytes } from '../data/cache/decoded-file.js';
import { decodeAll } from '../data/decoding/decode-all.js';
import type { ImageList } from './image-list.js';

/** Images decoded at once: enough to be worth threads. */
const chunkSize = 4096;

/** How images of a data set become those of its model. */
export const decodingOf = ({ imageSize, shortSide = null }: Pick<DataSpec, 'imageSize' | 'shortSide'>) => ({
  resize: imageSize !== null,
  shortSide,
});

export interface DecodedChunk {
  /** Row of the first image. */
  first: number;
  /** [N, H, W, C] bytes; those of unusable images are zeros. */
  images: Uint8Array;
  /** Places in `images` of those that can be used, ascending. */
  usable: Int32Array;
  unusable: (UnusableImage & { row: number })[];
}

/** Images are brought to `shape` as those of `data` are; where these come in one size, images of another are unusable. */
export async function* decodedChunks(
  { source, numbers, ids }: ImageList,
  shape: ImageShape,
  data: Pick<DataSpec, 'imageSize' | 'shortSide'>,
): AsyncGenerator<DecodedChunk> {
  const length = shape.height * shape.width * shape.channels;
  for (let first = 0; first < numbers.length; first += chunkSize) {
    const part = numbers.slice(first, first + chunkSize);
    const output = sharedBytes(part.length * length);
    const bad = await decodeAll(source, {
      images: part,
      shape,
      ...decodingOf(data),
      originals: null,
      output,
    });
    const messages = new Map(bad.map(({ place, message }) => [place, message]));
    const usable: number[] = [];
    const unusable: DecodedChunk['unusable'] = [];
    part.forEach((_, index) => {
      const message = messages.get(index);
      if (message === undefined) {
        usable.push(index);
        return;
      }
      output.fill(0, index * length, (index + 1) * length);
      unusable.push({ row: first + index, id: ids[first + index]!, message });
    });
    yield { first, images: output, usable: Int32Array.from(usable), unusable };
  }
}
