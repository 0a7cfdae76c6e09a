import type { Hashes } from './perceptual-hash.js';

/** Differing bits up to which two hashes are similar. */
const similarBits = 7;
const bands = 4;
/** A set where everything is alike has more pairs than anybody wants to wait for. */
const mostComparisons = 2e9;

/**
 * Calls back with each pair of hashes (later, earlier) that differ in at most 7 of 64 bits. Returns false if it gave up.
 *
 * Of four bands of 16 bits at least one differs in at most one bit then (7 < 4 × 2), so that 17 buckets of each band hold all
 * candidates: multi-index hashing, Norouzi, Punjani & Fleet (CVPR 2012).
 */
export function similarHashes(hashes: Hashes, onPair: (later: number, earlier: number) => void): boolean {
  const count = hashes.length / 2;
  const heads = Array.from({ length: bands }, () => new Int32Array(65_536).fill(-1));
  const nexts = Array.from({ length: bands }, () => new Int32Array(count));
  let comparisons = 0;
  for (let image = 0; image < count; image++) {
    const low = hashes[2 * image]!;
    const high = hashes[2 * image + 1]!;
    for (let band = 0; band < bands; band++) {
      const head = heads[band]!;
      const next = nexts[band]!;
      const value = bandOf(low, high, band);
      for (let flipped = 0; flipped <= 16; flipped++) {
        const bucket = flipped === 16 ? value : value ^ (1 << flipped);
        for (let other = head[bucket]!; other >= 0; other = next[other]!) {
          comparisons++;
          const lowBits = low ^ hashes[2 * other]!;
          const highBits = high ^ hashes[2 * other + 1]!;
          if (bitCount(lowBits) + bitCount(highBits) > similarBits) continue;
          // Each pair once: in the first band that brings it up.
          if (firstCloseBand(lowBits, highBits) === band) onPair(image, other);
        }
      }
      next[image] = head[value]!;
      head[value] = image;
    }
    if (comparisons > mostComparisons) return false;
  }
  return true;
}

function bandOf(low: number, high: number, band: number): number {
  return ((band < 2 ? low : high) >>> ((band & 1) * 16)) & 0xffff;
}

function firstCloseBand(lowBits: number, highBits: number): number {
  for (let band = 0; band < bands; band++) if (bitCount(bandOf(lowBits, highBits, band)) <= 1) return band;
  return -1;
}

function bitCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
