/**
 * p-values of a page adjusted for being looked at together. Claims come in families (the pairs of one axis), within which they are
 * adjusted already; of families with one claim each this is Holm's rule.
 *
 * A family that is rejected as a whole drops out, and those that are left are judged at 0.05 divided by their number: with m₀ families
 * in which something is no more than chance, at most 0.05 / m₀ of error is spent on each of them.
 *
 * @param families p-values that hold together within each family
 * @returns adjusted ones in the same places
 */
export function adjustFamilies(families: readonly (readonly number[])[]): number[][] {
  const order = families
    .map((_, i) => i)
    .sort((a, b) => Math.max(...families[a]!) - Math.max(...families[b]!));
  const adjusted = families.map(own => own.map(() => 1));
  // costs[j]: the level at which the first j families are rejected as a whole.
  const costs = [0];
  for (const [place, index] of order.entries()) {
    const own = families[index]!;
    adjusted[index] = own.map(p =>
      Math.min(1, ...costs.map((cost, before) => Math.max(cost, (families.length - before) * p))),
    );
    costs.push(Math.max(costs[place]!, (families.length - place) * Math.max(...own)));
  }
  return adjusted;
}
