import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel } from './kernel.js';

const sizeOf = (tensor: TensorInfo) => tensor.shape.reduce((product, size) => product * size, 1);

/** erfc is below float32's resolution of 1 from here on. */
const erfEnd = 4;

/** erf by its Taylor series at the nearest of these points, all terms below float32's rounding. */
const stepsPerUnit = 8;
const taylor = taylorTable();

function taylorTable(): Float64Array {
  const rows = erfEnd * stepsPerUnit + 1;
  const table = new Float64Array(rows * 6);
  let value = 0;
  for (let row = 0; row < rows; row++) {
    const at = row / stepsPerUnit;
    const density = (2 / Math.sqrt(Math.PI)) * Math.exp(-at * at);
    // Derivatives of erf: density times 1, −2a, 4a² − 2, −8a³ + 12a, 16a⁴ − 48a² + 12 (Hermite polynomials).
    const coefficients = [
      value,
      density,
      -at * density,
      ((4 * at ** 2 - 2) / 6) * density,
      ((-8 * at ** 3 + 12 * at) / 24) * density,
      ((16 * at ** 4 - 48 * at ** 2 + 12) / 120) * density,
    ];
    table.set(coefficients, row * 6);
    value += integrate(at, at + 1 / stepsPerUnit);
  }
  return table;
}

/** ∫ 2/√π exp(−t²) dt by Simpson's rule, to float64's rounding at this length. */
function integrate(from: number, to: number): number {
  const pieces = 64;
  const step = (to - from) / pieces;
  let sum = Math.exp(-from * from) + Math.exp(-to * to);
  for (let index = 1; index < pieces; index++)
    sum += (index % 2 === 1 ? 4 : 2) * Math.exp(-((from + index * step) ** 2));
  return ((2 / Math.sqrt(Math.PI)) * sum * step) / 3;
}

function erf(x: number): number {
  const size = Math.abs(x);
  if (!(size < erfEnd)) return Number.isNaN(x) ? x : Math.sign(x);
  const row = (size * stepsPerUnit + 0.5) | 0;
  const d = size - row / stepsPerUnit;
  const at = row * 6;
  const value =
    taylor[at]! +
    d *
      (taylor[at + 1]! +
        d * (taylor[at + 2]! + d * (taylor[at + 3]! + d * (taylor[at + 4]! + d * taylor[at + 5]!))));
  return x < 0 ? -value : value;
}

/** x → x Φ(x) */
const gelu: Kernel = (heap, { x }) => {
  const output = heap.output(x!.shape);
  const values = heap.floats(heap.pointer(x!), sizeOf(x!));
  const y = heap.floats(heap.pointer(output), values.length);
  for (let index = 0; index < y.length; index++) {
    const value = values[index]!;
    y[index] = 0.5 * value * (1 + erf(value * Math.SQRT1_2));
  }
  return output;
};

/** x, dy → dy (Φ(x) + x φ(x)) */
const geluGradient: Kernel = (heap, { x, dy }) => {
  const output = heap.output(x!.shape);
  const values = heap.floats(heap.pointer(x!), sizeOf(x!));
  const gradients = heap.floats(heap.pointer(dy!), values.length);
  const dx = heap.floats(heap.pointer(output), values.length);
  const peak = 1 / Math.sqrt(2 * Math.PI);
  for (let index = 0; index < dx.length; index++) {
    const value = values[index]!;
    const density = peak * Math.exp(-0.5 * value * value);
    dx[index] = gradients[index]! * (0.5 * (1 + erf(value * Math.SQRT1_2)) + value * density);
  }
  return output;
};

export const geluKernels = { Gelu: gelu, GeluGradient: geluGradient } satisfies Record<string, Kernel>;
