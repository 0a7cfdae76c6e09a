/** Targets of a batch: small enough to be made beside the device, alike on every engine. */
import type { BatchMix } from '../data/batch.js';

/**
 * Rows of class probabilities [N × classes]: one-hot, smoothed (target × (1 - smoothing) + smoothing / classes, as in
 * torch.nn.CrossEntropyLoss), then mixed like the images.
 */
export function targetRows(
  labels: Int32Array,
  classes: number,
  smoothing: number,
  mix: BatchMix | null,
): Float32Array {
  const rows = new Float32Array(labels.length * classes).fill(smoothing / classes);
  const own = mix === null ? 1 : mix.lambda;
  labels.forEach((label, image) => {
    rows[image * classes + label]! += (1 - smoothing) * own;
    if (mix !== null) {
      const other = labels[mix.permutation[image]!]!;
      rows[image * classes + other]! += (1 - smoothing) * (1 - own);
    }
  });
  return rows;
}

/** The label with the larger share in each image: what the accuracy of a mixed batch is measured against. */
export function dominatingLabels(labels: Int32Array, mix: BatchMix | null): Int32Array {
  if (mix === null || mix.lambda >= 0.5) return labels;
  return mix.permutation.map(other => labels[other]!);
}
