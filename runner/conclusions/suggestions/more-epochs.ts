import { trainingCounterpart } from '../../domain/metric.js';
import { bestOfModels } from './evidence.js';
import { meanPoints, trendOf } from './mean-points.js';
import { type Evidence, type Suggestion, signOf } from './suggestion.js';
import { cellsOf, difference, familyName } from './words.js';

/** The end of a training: so much of it, and at least so many epochs. */
const endShare = 0.2;
const fewestEpochs = 6;

/** Both training and validation still get better at the end: more epochs. Of each model the best family is asked. */
export function moreEpochs(evidence: Evidence): Suggestion[] {
  const { objective, grid } = evidence;
  const counterpart = trainingCounterpart(objective);
  const sign = signOf(objective);
  return bestOfModels(evidence).flatMap((family): Suggestion[] => {
    const points = meanPoints(family.curves, objective.metric);
    const last = points.at(-1)?.epoch ?? 0;
    const from = last - Math.max(fewestEpochs, Math.ceil(endShare * last)) + 1;
    const atEnd = ({ epoch }: { epoch: number }) => epoch >= from;
    const validation = trendOf(points.filter(atEnd));
    const training =
      counterpart === null ? null : trendOf(meanPoints(family.curves, counterpart).filter(atEnd));
    const rises = ({ slope, interval: [low, high] }: NonNullable<typeof validation>) =>
      sign * slope > 0 && sign * low > 0 && sign * high > 0;
    if (validation === null || !rises(validation) || (training !== null && !rises(training))) return [];
    const { slope, interval, p } = validation;
    return [
      {
        claim: {
          id: `suggestions/moreEpochs/${family.model}`,
          kind: 'stillRising',
          text: `${familyName(family)} still gets better at its end: ${difference(sign * slope, objective)} an epoch over the epochs ${from} to ${last}${training === null ? '' : ', and so does its training'}.`,
          verdict: 'holds',
          estimate: sign * slope,
          interval: sign > 0 ? interval : [-interval[1], -interval[0]],
          p: Math.max(p, training?.p ?? 0),
          adjustedP: null,
          n: points.filter(atEnd).length,
          unit: 'epochs',
          cells: cellsOf(family),
          command: `grid report ${JSON.stringify(grid)}`,
        },
        advice: 'More epochs.',
        change: { kind: 'moreEpochs', epochs: family.cells[0]!.spec.train.epochs },
        model: family.model,
      },
    ];
  });
}
