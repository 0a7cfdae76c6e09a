import type { Component } from '../../contract/run-spec.js';
import type { Draws } from '../../random/random.js';
import type { ImageBuffer, ImageShape } from '../image-buffer.js';
import type { Operation, OperationOptions } from '../operations/operation.js';
import { type OperationName, operations } from '../operations/registry.js';
import type { OperationRange } from './magnitudes.js';

/** An operation made ready for every magnitude that it may get. */
interface PreparedOperation {
  name: OperationName;
  /** By magnitude bin; a single one where there is no magnitude. */
  positive: Operation[];
  /** With the sign turned; null where there is no sign. */
  negative: Operation[] | null;
}

/** The operations of a policy, all made ready beforehand, so that none is made for an image. */
export class OperationSpace {
  readonly #operations: PreparedOperation[];

  constructor(ranges: readonly OperationRange[], { interpolation, fill }: Component, shape: ImageShape) {
    const options = { shape, interpolation, fill } as OperationOptions;
    this.#operations = ranges.map(({ name, magnitudes, signed }) => {
      const values = magnitudes ?? [0];
      return {
        name,
        positive: values.map(magnitude => operations[name](magnitude, options)),
        negative: signed ? values.map(magnitude => operations[name](-magnitude, options)) : null,
      };
    });
  }

  /** Applies any of the operations, all as likely. `bin`: a magnitude; negative: one of the first `-bin`, drawn. */
  applyAny(image: ImageBuffer, draws: Draws, bin: number): void {
    const operation = this.#operations[draws.integer(this.#operations.length)]!;
    const { length } = operation.positive;
    const chosen = length === 1 ? 0 : bin < 0 ? draws.integer(-bin) : bin;
    applySigned(operation, image, draws, chosen);
  }

  /** Applies the operation of that name. */
  apply(name: OperationName, image: ImageBuffer, draws: Draws, bin: number | null): void {
    applySigned(this.#operations.find(operation => operation.name === name)!, image, draws, bin ?? 0);
  }
}

/** The sign is drawn, where there is one. */
function applySigned(
  { positive, negative }: PreparedOperation,
  image: ImageBuffer,
  draws: Draws,
  bin: number,
): void {
  const side = negative !== null && draws.integer(2) === 1 ? negative : positive;
  side[bin]!(image);
}
