/** How well two rankings agree. */

export type Pair = readonly [number, number];

/**
 * τ-b, which allows for ties (Kendall 1945): 1: the same order, 0: none in common, -1: turned round.
 *
 * @param groups only pairs of one group are compared with each other
 * @returns null: one side has no two different values
 */
export function kendall(groups: readonly (readonly Pair[])[]): number | null {
  let [agreement, first, second] = [0, 0, 0];
  for (const pairs of groups)
    for (const [index, [a, b]] of pairs.entries())
      for (const [c, d] of pairs.slice(index + 1)) {
        agreement += Math.sign(a - c) * Math.sign(b - d);
        if (a !== c) first++;
        if (b !== d) second++;
      }
  return first === 0 || second === 0 ? null : agreement / Math.sqrt(first * second);
}
