import { isBetter } from '../../domain/metric.js';
import { axesOf, blocksOf } from './blocks.js';
import type { Evidence, RankedFamily, Suggestion } from './suggestion.js';
import { cellsOf } from './words.js';

/** A value that was never the best of its axis, whatever the other axes had: it can go. */
export function neverWon(evidence: Evidence): Suggestion[] {
  const { families, grid } = evidence;
  return [...axesOf(families)].flatMap(([axis, labels]) => {
    const blocks = blocksOf(families, axis).filter(block => block.size >= 2);
    return labels.flatMap((label): Suggestion[] => {
      const own = blocks.filter(block => block.has(label));
      if (own.length < 2 || own.some(block => isBest(block, label, evidence))) return [];
      // The chance of no win at all if its values were alike.
      const p = own.reduce((product, block) => product * (1 - 1 / block.size), 1);
      return [
        {
          claim: {
            id: `suggestions/neverWon/${axis}/${label}`,
            kind: 'neverWon',
            text: `${label} was never the best of ${axis}: not in one of ${own.length} settings of the others.`,
            // What it becomes after Holm decides (suggestions.ts).
            verdict: 'holds',
            ...{ estimate: 0, interval: null, p, adjustedP: null, n: own.length, unit: 'settings' },
            cells: own.flatMap(block => [...block.values()].flatMap(cellsOf)),
            command: `grid effects ${JSON.stringify(grid)}`,
          },
          advice: `Leave ${label} out.`,
          change: { kind: 'drop', axis, label },
          model: null,
        },
      ];
    });
  });
}

function isBest(block: ReadonlyMap<string, RankedFamily>, label: string, { objective }: Evidence): boolean {
  const own = block.get(label)!.value;
  return [...block.values()].every(({ value }) => !isBetter(objective, value, own));
}
