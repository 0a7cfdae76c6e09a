import type { Component } from '../contract/run-spec.js';
import type { ImageBuffer, ImageShape } from './image-buffer.js';
import type { Draws } from './random.js';

/** One step of the augmentation, bound to its parameters and to the shape of the images. */
interface Transform {
  /** Changes `image` in place. Its randomness comes from `draws` alone; it keeps no state and allocates nothing. */
  apply(image: ImageBuffer, draws: Draws): void;
}

/** What the registry holds for each name of `contract/params.ts`. */
export interface TransformKind {
  /**
   * When it takes effect: on the bytes of the image, or on the device after normalization. The first must all
   * come before the second.
   */
  stage: 'bytes' | 'normalized';
  /** `parameters` are complete and of the right types. Throws a ParameterError where they don't fit the shape. */
  create(parameters: Component, shape: ImageShape): Transform;
}

/** A parameter that its schema can't judge: it doesn't fit another parameter or the images. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  /** Name of the parameter in its component. */
  readonly parameter: string;

  constructor(parameter: string, message: string) {
    super(`${parameter}: ${message}`);
    this.parameter = parameter;
  }
}

/** A [low, high] parameter, checked to be in order. */
export function range(parameters: Component, name: string): [number, number] {
  const [low, high] = parameters[name] as [number, number];
  if (low > high)
    throw new ParameterError(name, `the first value must not be above the second, got [${low}, ${high}]`);
  return [low, high];
}
