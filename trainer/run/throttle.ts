/** Calls through at most once every `intervalMs`; the calls between are dropped. */
export function throttled<A extends unknown[]>(intervalMs: number, callback: (...args: A) => void) {
  let last = Number.NEGATIVE_INFINITY;
  return (...args: A): void => {
    const now = performance.now();
    if (now - last < intervalMs) return;
    last = now;
    callback(...args);
  };
}
