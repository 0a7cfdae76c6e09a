import { listOf, natural } from '../contract/shape.js';
import { recall, remember } from './cache/memory.js';
import { resizedSize } from './decoding/framing.js';
import type { Examples } from './examples.js';
import type { ImageSource } from './sources/image-source.js';

/** Where images of many sizes lie one after the other: row i is that of image i. */
export interface OriginalsLayout {
  heights: Int32Array;
  widths: Int32Array;
  /** Of the first byte. */
  offsets: Float64Array;
  /** Bytes of all. */
  length: number;
}

/** Images [h, w, C] of many sizes, whole, that crops are taken from. The bytes lie in shared memory. */
export interface Originals extends OriginalsLayout {
  pixels: Uint8Array;
}

/**
 * The layout of the examples' images once their shorter side is resized, by their headers; of an image that can't be read
 * nothing is laid out. `key`: what it is remembered by.
 */
export function layOut(
  { source, images }: Examples,
  { channels, shortSide }: { channels: number; shortSide: number },
  { cacheDir, key }: { cacheDir: string | undefined; key: string },
): OriginalsLayout {
  const sides = recall<Side[]>(cacheDir, 'layout', key, sideList) ?? sidesOf(source, images, shortSide);
  remember(cacheDir, 'layout', key, sides);
  const offsets = new Float64Array(sides.length);
  let length = 0;
  sides.forEach(([height, width], i) => {
    offsets[i] = length;
    length += height * width * channels;
  });
  return {
    heights: Int32Array.from(sides, ([height]) => height),
    widths: Int32Array.from(sides, ([, width]) => width),
    offsets,
    length,
  };
}

type Side = [height: number, width: number];
const sideList = listOf({ ...listOf(natural), minItems: 2, maxItems: 2 });

function sidesOf(source: ImageSource, images: Int32Array, shortSide: number): Side[] {
  return Array.from(images, image => {
    try {
      const { height, width } = resizedSize(source.size(image), shortSide);
      return [height, width];
    } catch {
      // Decoding tells of it.
      return [0, 0];
    }
  });
}

/** Without the images at these places; their bytes stay where they are. */
export function originalsWithout(originals: Originals, places: readonly number[]): Originals {
  if (places.length === 0) return originals;
  const isLeftOut = new Set(places);
  const isKept = (_: number, place: number) => !isLeftOut.has(place);
  return {
    ...originals,
    heights: originals.heights.filter(isKept),
    widths: originals.widths.filter(isKept),
    offsets: originals.offsets.filter(isKept),
  };
}
