/** Weights are whole numbers of this many bits after the point. */
export const precisionBits = 22;

/**
 * For each output index of one axis the inputs that are summed up: `count` of them, as many for every output; some
 * weights are 0.
 */
export interface Taps {
  count: number;
  /** [output] indices of the first input, then [output, count] weights × 2^22. */
  words: Int32Array;
}

/** Pillow's antialiased bilinear filter (`precompute_coeffs` and `normalize_coeffs_8bpc` of Resample.c). */
export function bilinearTaps(input: number, output: number): Taps {
  const scale = input / output;
  const stretch = Math.max(scale, 1);
  const outputs = Array.from({ length: output }, (_, o) => {
    const centre = (o + 0.5) * scale;
    const first = Math.trunc(Math.max(0, centre - stretch + 0.5));
    const end = Math.trunc(Math.min(input, centre + stretch + 0.5));
    const raw = Array.from({ length: end - first }, (_, k) =>
      Math.max(0, 1 - Math.abs((first + k - centre + 0.5) * (1 / stretch))),
    );
    const sum = raw.reduce((total, weight) => total + weight, 0);
    const weights = raw.map(weight => Math.trunc((weight / sum) * 2 ** precisionBits + 0.5));
    return withoutZeros(first, weights);
  });
  return sameCount(outputs, input);
}

interface OutputTaps {
  first: number;
  weights: number[];
}

/** Weights of 0 at either end change nothing. */
function withoutZeros(first: number, weights: number[]): OutputTaps {
  const start = weights.findIndex(weight => weight !== 0);
  return {
    first: first + start,
    weights: weights.slice(start, weights.findLastIndex(weight => weight !== 0) + 1),
  };
}

/** Fills up with weights of 0 to the largest count, at the left where there is no more room at the right. */
function sameCount(outputs: OutputTaps[], input: number): Taps {
  const count = Math.max(...outputs.map(({ weights }) => weights.length));
  const words = new Int32Array(outputs.length * (1 + count));
  outputs.forEach(({ first, weights }, o) => {
    words[o] = Math.min(first, input - count);
    words.set(weights, outputs.length + o * count + first - words[o]!);
  });
  return { count, words };
}
