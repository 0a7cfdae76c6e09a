/** Families that differ in the value of one axis alone. */
import type { RankedFamily } from './suggestion.js';

/** Axes but the seed, each with its labels in the order of the grid. */
export function axesOf(families: readonly RankedFamily[]): Map<string, string[]> {
  const axes = new Map<string, Set<string>>();
  for (const { labels } of families)
    for (const [axis, label] of Object.entries(labels)) {
      const known = axes.get(axis);
      if (known === undefined) axes.set(axis, new Set([label]));
      else known.add(label);
    }
  return new Map([...axes].map(([axis, labels]) => [axis, [...labels]]));
}

/** One map for each combination of the other axes: the axis' label → its family. */
export function blocksOf(families: readonly RankedFamily[], axis: string): Map<string, RankedFamily>[] {
  const blocks = new Map<string, Map<string, RankedFamily>>();
  for (const family of families) {
    const { [axis]: own, ...others } = family.labels;
    if (own === undefined) continue;
    const key = JSON.stringify(Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1)));
    const block = blocks.get(key);
    if (block === undefined) blocks.set(key, new Map([[own, family]]));
    else block.set(own, family);
  }
  return [...blocks.values()];
}
