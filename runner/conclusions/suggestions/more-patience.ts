import { bestOfModels } from './evidence.js';
import { meanPoints, trendOf } from './mean-points.js';
import { type Evidence, type RankedFamily, type Suggestion, signOf } from './suggestion.js';
import { cellsOf, difference, familyName } from './words.js';

/** What came before a reduction: so many epochs at most. */
const mostEpochs = 10;

/** A plateau schedule reduced the rate while the objective still got better: more patience. */
export function morePatience(evidence: Evidence): Suggestion[] {
  const { objective, grid } = evidence;
  const sign = signOf(objective);
  // Each value of the axis that is a plateau has its own patience; the best family of a model shows it.
  return bestOfModels({ ...evidence, families: evidence.families.filter(isPlateau) }).flatMap(
    (family): Suggestion[] => {
      const reduced = firstReduction(family);
      if (reduced === null) return [];
      const points = meanPoints(family.curves, objective.metric).filter(
        ({ epoch }) => epoch < reduced && epoch >= reduced - mostEpochs,
      );
      const trend = trendOf(points);
      if (trend === null) return [];
      const { slope, interval, p } = trend;
      if (!interval.every(end => sign * end > 0)) return [];
      return [
        {
          claim: {
            id: `suggestions/morePatience/${family.model}`,
            kind: 'earlyPlateau',
            text: `The plateau of ${familyName(family)} reduced its rate at epoch ${reduced}, while it still got better: ${difference(sign * slope, objective)} an epoch over the ${points.length} epochs before.`,
            verdict: 'holds',
            estimate: sign * slope,
            interval: sign > 0 ? interval : [-interval[1], -interval[0]],
            ...{ p, adjustedP: null, n: points.length, unit: 'epochs' },
            cells: cellsOf(family),
            command: `grid report ${JSON.stringify(grid)}`,
          },
          advice: 'More patience.',
          change: { kind: 'morePatience', patience: Number(family.cells[0]!.spec.scheduler.patience) },
          model: family.model,
        },
      ];
    },
  );
}

const isPlateau = ({ cells }: RankedFamily) => cells[0]!.spec.scheduler.name === 'plateau';

/** The first epoch with a lower rate than the one before, of the seed that came to it first; null: none. */
function firstReduction({ curves }: RankedFamily): number | null {
  const first = curves.flatMap(cell => {
    const rates = cell.get('learningRate') ?? [];
    return (
      rates.find(([, rate], i) => i > 0 && rate !== null && rate < 0.99 * (rates[i - 1]![1] ?? 0))?.[0] ?? []
    );
  });
  return first.length === 0 ? null : Math.min(...first);
}
