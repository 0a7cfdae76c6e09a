import { expect } from 'vitest';

/** Every value within `tolerance` × max(1, |expected|). Names the first one that is not. */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  for (let index = 0; index < expected.length; index++) {
    const allowed = tolerance * Math.max(1, Math.abs(expected[index]!));
    const difference = Math.abs(actual[index]! - expected[index]!);
    if (!(difference <= allowed))
      expect.fail(`value ${index}: expected ${expected[index]}, got ${actual[index]} (off by ${difference})`);
  }
}
