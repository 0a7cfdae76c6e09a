import type { ImageShape } from '../../augmentation/image-buffer.js';

/** Frequencies of each axis that count. */
const frequencies = 8;

/** 64 bits of each image: two words, [N, 2]. */
export type Hashes = Int32Array;

/**
 * Perceptual hashes of images [N, H, W, C]: the signs of the 8×8 lowest coefficients of the brightness's discrete cosine
 * transform (the lowest of all, the mean, left out). Noise, compression, brightness and contrast hardly change them. After Zauner,
 * "Implementation and benchmarking of perceptual image hash functions" (2010), with signs in place of the median.
 */
export function perceptualHashes(images: Uint8Array, { height, width, channels }: ImageShape): Hashes {
  const length = height * width * channels;
  const hashes = new Int32Array((images.length / length) * 2);
  const acrossRows = cosines(width);
  const acrossColumns = cosines(height);
  const rows = new Float64Array(height * frequencies);
  const grey = new Float64Array(width);
  for (let image = 0, at = 0; at < images.length; image++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let sum = 0;
        for (let c = 0; c < channels; c++) sum += images[at++]!;
        grey[x] = sum;
      }
      for (let u = 0; u < frequencies; u++) {
        let sum = 0;
        for (let x = 0; x < width; x++) sum += grey[x]! * acrossRows[u * width + x]!;
        rows[y * frequencies + u] = sum;
      }
    }
    for (let u = 0, bit = 0; u < frequencies; u++)
      for (let v = 0; v < frequencies; v++, bit++) {
        let sum = 0;
        for (let y = 0; y < height; y++) sum += rows[y * frequencies + u]! * acrossColumns[v * height + y]!;
        if (bit > 0 && sum > 0) hashes[2 * image + (bit >> 5)]! |= 1 << (bit & 31);
      }
  }
  return hashes;
}

/** [frequencies, length]: the basis of the DCT-II. */
function cosines(length: number): Float64Array {
  return Float64Array.from({ length: frequencies * length }, (_, i) => {
    const frequency = Math.floor(i / length);
    return Math.cos((Math.PI * frequency * ((i % length) + 0.5)) / length);
  });
}
