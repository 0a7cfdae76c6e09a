/** The deterministic numbers that the golden values were computed from: FNV-1a of the name, then mulberry32. */

function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** `count` numbers in [-1, 1), in double precision. */
export function namedNumbers(name: string, count: number): Float64Array {
  let a = seedOf(name);
  return new Float64Array(count).map(() => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (((t ^ (t >>> 14)) >>> 0) / 4294967296 - 0.5) * 2;
  });
}

/** centre + half × numbers, rounded to float32. */
export function namedTensor(name: string, count: number, centre: number, half: number): Float32Array {
  return Float32Array.from(namedNumbers(name, count), value => centre + half * value);
}
