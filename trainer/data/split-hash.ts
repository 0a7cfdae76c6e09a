import { createHash } from 'node:crypto';
import type { DataSpec } from '../contract/run-spec.js';

/**
 * Hash of which images of a data set are for validation, in their order. With the same fingerprint of the data the same hash means
 * the same images, whatever they are resized to; images of the data set's own validation part are the same with any number of training images.
 */
export function splitHash(
  { limit, validation: { source } }: DataSpec,
  { validation, labels }: { validation: Int32Array; labels: Int32Array },
): string {
  // Places count among the images that `limit` leaves.
  const left = source === 'split' ? [limit.classes, limit.imagesPerClass] : [limit.classes];
  const first = source === 'split' ? 0 : (validation[0] ?? 0);
  const images = Array.from(validation, place => [place - first, labels[place]]);
  return createHash('sha256')
    .update(JSON.stringify([source, left, images]))
    .digest('hex')
    .slice(0, 32);
}
