import type { Component } from '../contract/run-spec.js';
import type { Draws } from '../random/random.js';
import type { ImageShape } from './image-buffer.js';

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

/** What the registry holds for each mix of `contract/params.ts`. */
export interface MixKind {
  /** Draws how one batch is mixed. `permutation` says which image each one is mixed with. */
  draw(parameters: Component, shape: ImageShape, permutation: Int32Array, draws: Draws): BatchMix;
}

/** torchvision pairs image i with image i - 1, the first with the last; batches are shuffled already. */
export function rolledByOne(size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => (i + size - 1) % size);
}
