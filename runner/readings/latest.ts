import type { StoreReader } from '../store/run-store.js';

/** Made anew after so long at the latest: a runner that is killed writes nothing, and an estimate grows old. */
const freshMs = 2000;
/** Reading takes this share of the time at most, however large the store is. */
const busyShare = 0.1;
/** The same of a store that nobody has written to since. */
const idleShare = 0.01;

/**
 * A reading that is made anew when another connection has written since.
 *
 * @returns the reading; with `isFinal` what the store holds now, however short ago it was read
 */
export function latest<T>(store: StoreReader, read: () => T): (isFinal?: boolean) => T {
  let last: { reading: T; counter: number; madeMs: number; tookMs: number } | undefined;
  return (isFinal = false) => {
    const counter = store.changeCounter();
    const now = performance.now();
    if (last !== undefined && !isFinal) {
      const age = now - last.madeMs;
      const isUnchanged = counter === last.counter && age < Math.max(freshMs, last.tookMs / idleShare);
      if (age < last.tookMs / busyShare || isUnchanged) return last.reading;
    }
    const reading = read();
    const madeMs = performance.now();
    last = { reading, counter, madeMs, tookMs: madeMs - now };
    return reading;
  };
}
