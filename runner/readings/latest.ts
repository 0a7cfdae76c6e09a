import type { StoreReader } from '../store/run-store.js';

/** Made anew after so long at the latest: a runner that is killed writes nothing, and an estimate grows old. */
const freshMs = 2000;
/** Reading takes this share of the time at most, however large the store is. */
const busyShare = 0.1;
/** The same of a store that nobody has written to since. */
const idleShare = 0.01;

/** When something was read, how long that took, and the store's change counter before. */
export interface ReadAt {
  counter: number;
  madeMs: number;
  tookMs: number;
}

/** Whether what was read then is still to be shown, of a store whose change counter is `counter` now; `share` of the time may be reading. */
export function isFresh(
  { counter: before, madeMs, tookMs }: ReadAt,
  counter: number,
  now: number,
  share = busyShare,
): boolean {
  const age = now - madeMs;
  return age < tookMs / share || (counter === before && age < Math.max(freshMs, tookMs / idleShare));
}

/**
 * A reading that is made anew when another connection has written since.
 *
 * @returns the reading; with `isFinal` what the store holds now, however short ago it was read
 */
export function latest<T>(store: StoreReader, read: () => T): (isFinal?: boolean) => T {
  let last: ({ reading: T } & ReadAt) | undefined;
  return (isFinal = false) => {
    const counter = store.changeCounter();
    const now = performance.now();
    if (last !== undefined && !isFinal && isFresh(last, counter, now)) return last.reading;
    const reading = read();
    const madeMs = performance.now();
    last = { reading, counter, madeMs, tookMs: madeMs - now };
    return reading;
  };
}
