/** `predictions.json` of a cell's folder: what its best weights take each validation image for. */

export interface Predictions {
  version: 1;
  /** Of the weights, and of the run's last ones: as in `evaluation.json`, which is of the same weights. */
  epoch: number;
  weightsHash: string;
  /**
   * Fingerprint of the data, and hash of which of its images are for validation, in their order: where both are equal, so is
   * the image at each place.
   */
  data: string;
  split: string;
  images: number;
  /** Class of each image, as numbers in class order (`encodeClasses`): its own, and the one that it was taken for. */
  labels: string;
  predicted: string;
}

/** What an image is taken for whose logits are no finite numbers. So many classes have no matrix of confusions that fits into memory. */
export const noClass = 0xffff;

/** Base64 of little-endian numbers of 16 bits. */
export function encodeClasses(classes: readonly number[]): string {
  const bytes = Buffer.alloc(2 * classes.length);
  classes.forEach((number, place) => {
    bytes.writeUInt16LE(number, 2 * place);
  });
  return bytes.toString('base64');
}

/** The way back. */
export function decodeClasses(text: string): number[] {
  const bytes = Buffer.from(text, 'base64');
  return Array.from({ length: Math.floor(bytes.length / 2) }, (_, place) => bytes.readUInt16LE(2 * place));
}
