import { trainingCounterpart } from '../../domain/metric.js';
import { chanceGap, gapsOf, overfitSince } from '../../readings/overfit.js';
import { mean } from '../../statistics/moments.js';
import { pairedInterval } from '../../statistics/pairs.js';
import { bestOfModels } from './evidence.js';
import { type Evidence, type Suggestion, signOf } from './suggestion.js';
import { cellsOf, difference, familyName, intervalWords } from './words.js';

/** Training is above validation, and runs away from it: more regularization. Of each model the best family is asked. */
export function regularize(evidence: Evidence): Suggestion[] {
  const { objective, grid } = evidence;
  if (trainingCounterpart(objective) === null) return [];
  return bestOfModels(evidence).flatMap((family): Suggestion[] => {
    const chance = chanceGap(objective, family.validationImages);
    const since = overfitSince(gapsOf(family.curves, objective), chance);
    if (since === null) return [];
    const gaps = family.curves.flatMap(curves => gapsOf([curves], objective).at(-1) ?? []);
    const known = gaps.filter(gap => !Number.isNaN(gap));
    if (known.length === 0) return [];
    const { estimate, interval } =
      known.length < 2 ? { estimate: mean(known), interval: null } : pairedInterval(known);
    // What the seeds themselves don't agree on is no claim.
    const holds = interval === null || interval[0] > 0;
    const words = interval === null ? '' : ` ${intervalWords(interval, objective)}`;
    return [
      {
        claim: {
          id: `suggestions/regularize/${family.model}`,
          kind: 'overfitting',
          text: `${familyName(family)} overfits from epoch ${since} on: training is ${difference(estimate, objective).replace('+', '')}${words} ${signOf(objective) > 0 ? 'above' : 'below'} validation at its end, and the gap grew.`,
          verdict: holds ? 'holds' : 'undecided',
          ...{ estimate, interval, p: null, adjustedP: null, n: known.length, unit: 'seeds' },
          cells: cellsOf(family),
          command: `grid leaderboard --grid ${JSON.stringify(grid)}`,
        },
        advice: 'More regularization: label smoothing, stronger augmentation, weight decay or dropout.',
        change: { kind: 'regularize' },
        model: family.model,
      },
    ];
  });
}
