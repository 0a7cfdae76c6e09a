import { createHash } from 'node:crypto';
import type { DataInspection } from '../contract/events.js';
import { recall, remember } from './cache/memory.js';
import type { Problems } from './data-error.js';
import type { Examples } from './examples.js';

type ImageSizes = DataInspection['imageSizes'];

/**
 * Distinct sizes of the examples' images with their counts, most frequent first, from the headers. Images whose header
 * can't be read are added to `problems`.
 */
export function measureImages(
  examples: Examples,
  problems: Problems,
  cacheDir: string | undefined,
): ImageSizes {
  const key = createHash('sha256').update(examples.fingerprint).update(examples.images).digest('hex');
  const known = recall<ImageSizes>(cacheDir, 'sizes', key);
  if (known) return known;
  const counts = new Map<string, ImageSizes[number]>();
  let bad = 0;
  for (const image of examples.images)
    try {
      const { height, width } = examples.source.size(image);
      const key = `${height}×${width}`;
      const size = counts.get(key);
      if (size) size.count++;
      else counts.set(key, { height, width, count: 1 });
    } catch (error) {
      bad++;
      const name = examples.source.names[image]!;
      problems.error('images', 'images that can’t be used', `${name}: ${(error as Error).message}`);
    }
  const sizes = [...counts.values()].sort((a, b) => b.count - a.count);
  if (bad === 0) remember(cacheDir, 'sizes', key, sizes);
  return sizes;
}
