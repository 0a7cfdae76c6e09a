/** Uniform numbers in [0, 1). */
export type RandomStream = () => number;

export function randomStream(...key: readonly (number | string)[]): RandomStream {
  let a = 0x811c9dc5;
  for (const byte of Buffer.from(JSON.stringify(key))) a = Math.imul(a ^ byte, 0x01000193);
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
