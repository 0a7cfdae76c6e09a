/** One wish to stop often arrives several times. */

/**
 * The terminal signals the whole process group and npm passes it on; `timeout`, service managers and a closing terminal
 * send two kinds of signals at once: what comes within so many milliseconds is the same wish.
 */
const oneWishMs = 500;

/**
 * What to call at each signal, of any kind; it calls `onWish` once a wish. The time counts from the first signal, so
 * that a key that is held down soon counts as a second wish.
 */
export function wishes(onWish: () => void): () => void {
  let isHeard = false;
  return () => {
    if (isHeard) return;
    isHeard = true;
    // After a long piece of work a timer comes before the signals that arrived meanwhile, an immediate after them.
    setTimeout(() => setImmediate(forget), oneWishMs).unref();
    onWish();
  };
  function forget() {
    isHeard = false;
  }
}
