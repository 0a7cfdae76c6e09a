/** The deterministic numbers that the golden values were computed from: FNV-1a of the name, then mulberry32. */

function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** `count` numbers in [-1, 1), in double precision. */
export function namedNumbers(name: string, count: number): Float64Array {
  const numbers = new Float64Array(count);
  fill(numbers, name, 0, 1);
  return numbers;
}

/** centre + half × numbers, rounded to float32. */
export function namedTensor(name: string, count: number, centre: number, half: number): Float32Array {
  const values = new Float32Array(count);
  fill(values, name, centre, half);
  return values;
}

function fill(target: Float64Array | Float32Array, name: string, centre: number, half: number): void {
  let a = seedOf(name);
  for (let index = 0; index < target.length; index++) {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    target[index] = centre + half * (((t ^ (t >>> 14)) >>> 0) / 4294967296 - 0.5) * 2;
  }
}
