/** What the data side hands to the training loop. */

/** How a training batch is mixed with a permutation of itself (done on the device). */
export type BatchMix =
  /** x * lambda + x[permutation] * (1 - lambda), labels likewise. Zhang et al. 2018. */
  | { kind: 'mixUp'; lambda: number; permutation: Int32Array }
  /**
   * x[permutation] is pasted into the box (x1 <= x < x2, y1 <= y < y2); `lambda` is 1 - box area / image
   * area, the share of the own label. Yun et al. 2019.
   */
  | {
      kind: 'cutMix';
      lambda: number;
      permutation: Int32Array;
      box: { x1: number; y1: number; x2: number; y2: number };
    };

export interface Batch {
  /** Number of images N. */
  size: number;
  /** [N, H, W, C] bytes, augmented, not normalized. Valid until the next batch is asked for. */
  images: Uint8Array;
  /** [N] class indices. */
  labels: Int32Array;
  /** Boxes that are set to `value` after normalization (RandomErasing); empty where none. */
  erased: { image: number; top: number; left: number; height: number; width: number; value: number }[];
  mix: BatchMix | null;
}

/** (x / 255 - mean) / standardDeviation, per channel: arrays of length C. */
export interface Normalization {
  mean: number[];
  standardDeviation: number[];
}
