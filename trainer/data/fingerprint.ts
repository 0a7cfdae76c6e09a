import { createHash, type Hash } from 'node:crypto';
import type { Catalogue, Listing } from './formats/format.js';

/**
 * Hash of what a data set holds: name, label and content of each image of both parts, in order. Where it lies, in a
 * folder or a zip, and what `limit` and the split take of it don't count. `onUnreadable` is told of images that can't be read.
 */
export function fingerprintOf(
  { source, train, validation }: Catalogue,
  onUnreadable: (image: number, message: string) => void,
): string {
  const hash = createHash('sha256');
  const content = (image: number): string => {
    try {
      return source.content(image);
    } catch (error) {
      onUnreadable(image, (error as Error).message);
      return '';
    }
  };
  addListing(hash, 'train', train, content);
  if (validation) addListing(hash, 'validation', validation, content);
  return hash.digest('hex').slice(0, 32);
}

/** Rows are hashed so many at a time: a call a row would take longer than the hashing. */
const rowsAtOnce = 1000;

function addListing(hash: Hash, part: string, listing: Listing, content: (image: number) => string): void {
  let rows = `${part} ${listing.names.length}\n`;
  listing.names.forEach((name, row) => {
    rows += `${JSON.stringify([name, listing.labels[row]])} ${content(listing.images[row]!)}\n`;
    if (row % rowsAtOnce === rowsAtOnce - 1) {
      hash.update(rows);
      rows = '';
    }
  });
  hash.update(rows);
}

/** The fingerprint of a data set without the images of these names. */
export function fingerprintWithout(fingerprint: string, names: readonly string[]): string {
  return createHash('sha256')
    .update(JSON.stringify([fingerprint, names]))
    .digest('hex')
    .slice(0, 32);
}
