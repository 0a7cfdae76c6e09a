/** PyTorch's and torchvision's initial values, drawn from counter-based streams. */
import type { Draws } from '../random/random.js';

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

/** Normal with mean 0. Box–Muller, two values a pair of draws. */
export const normal =
  (deviation: number): Initializer =>
  (size, random) => {
    const values = new Float32Array(size);
    for (let index = 0; index < size; index += 2) {
      const radius = deviation * Math.sqrt(-2 * Math.log(1 - random.uniform()));
      const angle = 2 * Math.PI * random.uniform();
      values[index] = radius * Math.cos(angle);
      if (index + 1 < size) values[index + 1] = radius * Math.sin(angle);
    }
    return values;
  };

/** trunc_normal_ with its default bounds: normal with mean 0, drawn again outside of [-2, 2]. */
export const truncatedNormal =
  (deviation: number): Initializer =>
  (size, random) => {
    const values = new Float32Array(size);
    for (let index = 0; index < size; index++)
      do values[index] = deviation * random.normal();
      while (Math.abs(values[index]!) > 2);
    return values;
  };

/** xavier_uniform_ (Glorot & Bengio 2010) of a matrix [output, input]. */
export const xavierUniform = (input: number, output: number): Initializer =>
  uniform(Math.sqrt(6 / (input + output)));

/**
 * kaiming_normal_(nonlinearity='relu') of He et al. 2015: standard deviation sqrt(2 / fan). torchvision's ResNets,
 * EfficientNet and MobileNetV3 take the fan-out = output channels × kernel area, its DenseNets the fan-in.
 */
export const kaimingNormal = (fan: number): Initializer => normal(Math.sqrt(2 / fan));
