/** Whether all is done sooner if the longest cells go first. Pure. */

/** Below this share it isn't worth leaving the grid's order, in which families are whole early. */
const leastGain = 0.01;

/**
 * @param seconds of the cells in their order; undefined: not known, and taken for as long as the others are in the mean
 * @param slots how many go at a time
 */
export function longestFirstShortens(seconds: readonly (number | undefined)[], slots: number): boolean {
  const known = seconds.filter(value => value !== undefined);
  if (known.length === 0 || slots < 2 || seconds.length <= slots) return false;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const all = seconds.map(value => value ?? mean);
  const inOrder = finish(all, slots);
  return (
    finish(
      [...all].sort((a, b) => b - a),
      slots,
    ) <
    inOrder * (1 - leastGain)
  );
}

/** Each on the slot that is free first. */
function finish(seconds: readonly number[], slots: number): number {
  const ends = new Array<number>(slots).fill(0);
  for (const value of seconds) {
    let first = 0;
    for (let slot = 1; slot < slots; slot++) if (ends[slot]! < ends[first]!) first = slot;
    ends[first]! += value;
  }
  return Math.max(...ends);
}
