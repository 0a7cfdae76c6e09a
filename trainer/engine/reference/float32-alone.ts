import type { Engine } from '../engine.js';

/** The part of an engine that has no half precision. */
export const float32Alone: Pick<Engine, 'precisions' | 'withPrecision'> = {
  precisions: ['float32'],
  withPrecision(this: Engine, precision) {
    if (precision === 'float32') return this;
    throw new Error(
      `train.precision: the engine ${this.info.name} computes in float32 alone, got ${precision}; the engine tensorflow has half precision (\`grid setup\` gets it)`,
    );
  },
};
