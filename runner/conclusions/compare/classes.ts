/** What the best weights of two sides make of each class. */
import type { Evaluation } from '../../../trainer/contract/evaluation.js';
import { mean } from '../../statistics/moments.js';

interface ClassDifference {
  name: string;
  images: number;
  /** Share that is classified right, the mean over each side's cells. */
  accuracies: readonly [a: number, b: number];
}

interface ConfusionDifference {
  /** Images of the first class that were taken for the second. */
  own: string;
  taken: string;
  /** Mean over each side's cells. */
  counts: readonly [a: number, b: number];
}

export interface ClassComparison {
  /** The furthest apart first. */
  classes: readonly ClassDifference[];
  confusions: readonly ConfusionDifference[];
}

/** Null: a side has no figures, or they are of other classes. */
export function compareClasses(a: readonly Evaluation[], b: readonly Evaluation[]): ClassComparison | null {
  const [first] = a;
  const namesOf = ({ classes }: Evaluation) =>
    JSON.stringify(classes.map(({ name, images }) => [name, images]));
  if (first === undefined || b.length === 0 || [...a, ...b].some(each => namesOf(each) !== namesOf(first)))
    return null;
  const classes = first.classes.flatMap(({ name, images }, index): ClassDifference[] => {
    const shareOf = (side: readonly Evaluation[]) =>
      mean(side.map(each => each.classes[index]!.accuracy ?? 0));
    return images === 0 ? [] : [{ name, images, accuracies: [shareOf(a), shareOf(b)] }];
  });
  const confusions = first.classes.flatMap((own, i) =>
    first.classes.flatMap((taken, j): ConfusionDifference[] => {
      const countOf = (side: readonly Evaluation[]) => mean(side.map(({ confusion }) => confusion[i]![j]!));
      return i === j ? [] : [{ own: own.name, taken: taken.name, counts: [countOf(a), countOf(b)] }];
    }),
  );
  const apart = ([x, y]: readonly [number, number]) => Math.abs(x - y);
  return {
    classes: classes.sort((x, y) => apart(y.accuracies) - apart(x.accuracies)),
    confusions: confusions
      .filter(({ counts }) => apart(counts) > 0)
      .sort((x, y) => apart(y.counts) - apart(x.counts)),
  };
}
