/** Two sides told apart by the validation images that both have kept their predictions of. */
import type { Outcome } from '../../readings/outcomes.js';
import { mcNemarInterval, mcNemarTest } from '../../statistics/binomial.js';
import { mean, standardDeviation } from '../../statistics/moments.js';
import { exactPairs, pairedInterval, signFlipTest } from '../../statistics/pairs.js';
import { tTwoSided } from '../../statistics/student.js';
import type { KeptPredictions } from '../../store/kept-predictions.js';

/** Of a cell; null: it has kept none. */
export type PredictionsOf = (cell: string) => KeptPredictions | null;

export interface ImageDifference {
  /** Share of the images that A gets right, the mean of its seeds, less that of B. */
  estimate: number;
  interval: readonly [number, number] | null;
  p: number;
  images: number;
  /** Cells whose predictions it rests on. */
  cells: readonly [a: readonly string[], b: readonly string[]];
  /** Images that only A and only B gets right, of one cell each; null: of several. */
  only: readonly [a: number, b: number] | null;
}

/**
 * Null: no cell of one side has predictions of the images of one of the other, of the weights that the comparison is about; or a side
 * has a cell without a value, which got no image right that could be told.
 *
 * One cell each: McNemar's exact test. Of several the unit stays the image: its difference is that of the shares of either side's cells
 * that get it right, and the mean of these differences is tested by flipping their signs (which is McNemar's test where there is
 * one cell each) or, where more than 16 images differ, by Student's t. To count each seed's images as if they were others would
 * take an image that is hard for all seeds for several pieces of evidence; to take the seeds for units would ask what the comparison by the
 * seeds' values has answered. So it says what these weights do on other images, and that one what other seeds would do on these.
 */
export function imageDifference(
  a: readonly Outcome[],
  b: readonly Outcome[],
  of: PredictionsOf,
): ImageDifference | null {
  if ([...a, ...b].some(({ value }) => value === null)) return null;
  const paired = pairedCells(keptOf(a, of), keptOf(b, of));
  if (paired === null) return null;
  const [ofA, ofB] = paired;
  const images = ofA[0]!.isRight.length;
  const shareOf = (side: readonly Kept[], image: number) =>
    side.filter(({ isRight }) => isRight[image]).length / side.length;
  const differences = Array.from({ length: images }, (_, i) => shareOf(ofA, i) - shareOf(ofB, i));
  const cells = [ofA.map(({ cell }) => cell), ofB.map(({ cell }) => cell)] as const;
  if (ofA.length === 1 && ofB.length === 1) {
    const only = [1, -1].map(sign => differences.filter(each => each === sign).length);
    const [onlyA, onlyB] = only as [number, number];
    return {
      estimate: (onlyA - onlyB) / images,
      interval: mcNemarInterval(onlyA, onlyB, images),
      p: mcNemarTest(onlyA, onlyB),
      ...{ images, cells, only: [onlyA, onlyB] },
    };
  }
  return { ...pairedInterval(differences), p: testOf(differences), images, cells, only: null };
}

interface Kept extends KeptPredictions {
  cell: string;
}

/** Of the weights whose value is compared, and no others. */
const keptOf = (outcomes: readonly Outcome[], of: PredictionsOf): Kept[] =>
  outcomes.flatMap(({ cell, bestEpoch }) => {
    const kept = of(cell);
    return kept === null || kept.epoch !== bestEpoch ? [] : [{ ...kept, cell }];
  });

/** Of the images that most cells of both sides have. */
function pairedCells(a: readonly Kept[], b: readonly Kept[]): readonly [Kept[], Kept[]] | null {
  const groups = [...new Set(a.map(({ images }) => images))].map(images => {
    const within = (side: readonly Kept[]) => side.filter(each => each.images === images);
    return [within(a), within(b)] as const;
  });
  const both = groups.filter(([, ofB]) => ofB.length > 0);
  return both.sort((one, other) => other.flat().length - one.flat().length)[0] ?? null;
}

function testOf(differences: readonly number[]): number {
  // Those that are 0 flip to themselves.
  const apart = differences.filter(difference => difference !== 0);
  if (apart.length <= exactPairs) return signFlipTest(apart);
  const error = standardDeviation(differences)! / Math.sqrt(differences.length);
  return error > 0 ? tTwoSided(mean(differences) / error, differences.length - 1) : 0;
}
