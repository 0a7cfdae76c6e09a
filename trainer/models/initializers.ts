/** PyTorch's and torchvision's initial values, drawn from counter-based streams. */
import type { Draws } from '../augmentation/random.js';

/** Fills a new tensor of `size` values. */
export type Initializer = (size: number, random: Draws) => Float32Array;

export const constant =
  (value: number): Initializer =>
  size =>
    new Float32Array(size).fill(value);

/** Uniform in [-bound, bound). */
export const uniform =
  (bound: number): Initializer =>
  (size, random) => {
    const values = new Float32Array(size);
    for (let index = 0; index < size; index++) values[index] = (2 * random.uniform() - 1) * bound;
    return values;
  };

/**
 * kaiming_normal_(mode='fan_out', nonlinearity='relu') of He et al. 2015, as torchvision's ResNets use it: standard
 * deviation sqrt(2 / fanOut), `fanOut` = output channels × kernel area. Box–Muller, two values a pair of draws.
 */
export const kaimingNormal =
  (fanOut: number): Initializer =>
  (size, random) => {
    const values = new Float32Array(size);
    const deviation = Math.sqrt(2 / fanOut);
    for (let index = 0; index < size; index += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.uniform()));
      const angle = 2 * Math.PI * random.uniform();
      values[index] = radius * Math.cos(angle);
      if (index + 1 < size) values[index + 1] = radius * Math.sin(angle);
    }
    return values;
  };
