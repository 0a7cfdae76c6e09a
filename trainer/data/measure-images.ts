import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataInspection } from '../contract/events.js';
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
  const path = cacheDir && join(cacheDir, `sizes-${cacheKey(examples)}.json`);
  const known = path && readKnown(path);
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
  if (path && bad === 0) keep(path, sizes);
  return sizes;
}

function cacheKey({ fingerprint, images }: Examples): string {
  return createHash('sha256').update(fingerprint).update(images).digest('hex').slice(0, 32);
}

function readKnown(path: string): ImageSizes | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

function keep(path: string, sizes: ImageSizes): void {
  try {
    mkdirSync(join(path, '..'), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, JSON.stringify(sizes));
    renameSync(temporary, path);
  } catch {
    // Only slower next time.
  }
}
