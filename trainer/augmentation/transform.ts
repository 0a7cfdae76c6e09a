import type { Component } from '../contract/run-spec.js';
import type { Draws } from '../random/random.js';
import type { ImageBuffer, ImageShape } from './image-buffer.js';

/** One step of the augmentation, bound to its parameters and to the shape of the images. */
export interface Transform {
  /** Changes `image` in place. Its randomness comes from `draws` alone; it keeps no state and allocates nothing. */
  apply(image: ImageBuffer, draws: Draws): void;
}

/** What the registry holds for each name of `contract/params.ts`. */
export interface TransformKind {
  /** `parameters` are complete, of the right types, and fit the shape (`augmentationProblems` of the contract). */
  create(parameters: Component, shape: ImageShape): Transform;
}

/** [lowest, highest]. */
export type Range = [low: number, high: number];

/** An augmentation that doesn't fit itself or the images. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  /** Dotted path in the augmentation: `transforms.0.scale`. */
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(`${parameter}: ${message}`);
    this.parameter = parameter;
  }
}
