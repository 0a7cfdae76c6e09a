/** What the data side hands to the training loop. */
import type { ErasedBox } from '../augmentation/image-buffer.js';
import type { BatchMix } from '../augmentation/mix.js';

export type { BatchMix } from '../augmentation/mix.js';
export type { Normalization } from '../augmentation/normalization.js';

export interface Batch {
  /** Number of images N. */
  size: number;
  /** [N, H, W, C] bytes, augmented, not normalized. Valid until the next batch is asked for. */
  images: Uint8Array;
  /** [N] class indices. */
  labels: Int32Array;
  /**
   * Boxes that are filled after normalization (RandomErasing, CutOut), `image` by its place in the batch; empty
   * where none. A later box covers an earlier one.
   */
  erased: (ErasedBox & { image: number })[];
  mix: BatchMix | null;
}
