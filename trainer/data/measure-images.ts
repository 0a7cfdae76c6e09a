import { createHash } from 'node:crypto';
import { imageSizes } from '../contract/answer-schemas.js';
import type { DataInspection } from '../contract/events.js';
import { recall, remember } from './cache/memory.js';
import type { Examples } from './examples.js';

type ImageSizes = DataInspection['imageSizes'];

export interface MeasuredImages {
  /** Distinct sizes with their counts, most frequent first. */
  sizes: ImageSizes;
  /** Images whose header can't be read. */
  bad: { name: string; message: string }[];
}

/** Sizes of the examples' images, from the headers. */
export function measureImages(examples: Examples, cacheDir: string | undefined): MeasuredImages {
  const key = createHash('sha256').update(examples.fingerprint).update(examples.images).digest('hex');
  const known = recall<ImageSizes>(cacheDir, 'sizes', key, imageSizes);
  if (known) return { sizes: known, bad: [] };
  const counts = new Map<string, ImageSizes[number]>();
  const bad: MeasuredImages['bad'] = [];
  for (const image of examples.images)
    try {
      const { height, width } = examples.source.size(image);
      const key = `${height}×${width}`;
      const size = counts.get(key);
      if (size) size.count++;
      else counts.set(key, { height, width, count: 1 });
    } catch (error) {
      bad.push({ name: examples.source.names[image]!, message: (error as Error).message });
    }
  const sizes = [...counts.values()].sort((a, b) => b.count - a.count);
  if (bad.length === 0) remember(cacheDir, 'sizes', key, sizes);
  return { sizes, bad };
}
