import { createHash } from 'node:crypto';
import type { Dataset } from '../dataset.js';
import { perceptualHashes } from './perceptual-hash.js';
import { similarHashes } from './similar-hashes.js';

/** Images by their places in the data set. */
export interface AlikePlaces {
  places: number[];
  correlation: number;
}

/** Correlation from which on two images of similar hashes are alike. */
const alikeCorrelation = 0.97;

export interface AlikeFindings {
  /** Groups of images with the same pixels. */
  exact: AlikePlaces[];
  /** Pairs; of images with the same pixels, the first one stands for all. */
  near: AlikePlaces[];
  isComplete: boolean;
}

/** Compares all images of a data set, of both parts, with each other. */
export function findAlike(dataset: Pick<Dataset, 'images' | 'height' | 'width' | 'channels'>): AlikeFindings {
  const { images, height, width, channels } = dataset;
  const length = height * width * channels;
  const groups = sameImages(images, length);
  const distinct = groups.map(([first]) => first!);
  const all = perceptualHashes(images, dataset);
  const hashes = Int32Array.from(
    { length: 2 * distinct.length },
    (_, i) => all[2 * distinct[i >> 1]! + (i & 1)]!,
  );
  const near: AlikePlaces[] = [];
  const isComplete = similarHashes(hashes, (later, earlier) => {
    const places = [distinct[earlier]!, distinct[later]!] as const;
    const correlation = correlationOf(images, length, ...places);
    if (correlation >= alikeCorrelation) near.push({ places: [...places], correlation });
  });
  const exact = groups.filter(({ length: copies }) => copies > 1).map(places => ({ places, correlation: 1 }));
  return { exact, near, isComplete };
}

/** Places of equal images together, each group in order of the data set. */
function sameImages(images: Uint8Array, length: number): number[][] {
  const groups = new Map<string, number[]>();
  for (let place = 0; place * length < images.length; place++) {
    const pixels = images.subarray(place * length, (place + 1) * length);
    const key = createHash('sha1').update(pixels).digest('base64');
    const group = groups.get(key);
    if (group) group.push(place);
    else groups.set(key, [place]);
  }
  return [...groups.values()];
}

/** Pearson correlation of two images' values; 0 where one of them is of one value. */
function correlationOf(images: Uint8Array, length: number, first: number, second: number): number {
  let sumA = 0;
  let sumB = 0;
  let squaresA = 0;
  let squaresB = 0;
  let products = 0;
  for (let i = 0, a = first * length, b = second * length; i < length; i++, a++, b++) {
    const x = images[a]!;
    const y = images[b]!;
    sumA += x;
    sumB += y;
    squaresA += x * x;
    squaresB += y * y;
    products += x * y;
  }
  const varianceA = squaresA - (sumA * sumA) / length;
  const varianceB = squaresB - (sumB * sumB) / length;
  if (varianceA <= 0 || varianceB <= 0) return 0;
  return (products - (sumA * sumB) / length) / Math.sqrt(varianceA * varianceB);
}
