/** What the validation images say of each two sides, in sentences. */
import type { Claim } from '../../statistics/claim.js';
import { holm } from '../../statistics/several-claims.js';
import { describeGain, describeP } from '../words.js';
import type { ImageDifference } from './images.js';

/** Two sides with predictions of the same images. */
export interface PairedSides {
  /** Of the claim. */
  id: string;
  names: readonly [a: string, b: string];
  /** Cells of each that count. */
  counts: readonly [a: number, b: number];
  difference: ImageDifference;
}

/** Whatever the objective is: a prediction is right or wrong. */
const accuracy = { metric: 'validationAccuracy', direction: 'maximize' } as const;

/** One of each two sides, adjusted among themselves by Holm. */
export function imageClaims(paired: readonly PairedSides[], command: string): Claim[] {
  const adjusted = holm(paired.map(({ difference }) => difference.p));
  return paired.map((sides, place): Claim => {
    const { estimate, interval, p, images, cells } = sides.difference;
    const adjustedP = adjusted[place]!;
    return {
      id: sides.id,
      kind: 'compareImages',
      text: sentence(sides, adjustedP, paired.length > 1),
      verdict: adjustedP < 0.05 ? 'holds' : 'undecided',
      ...{ estimate, interval, p, adjustedP, n: images, unit: 'images', cells: cells.flat(), command },
    };
  });
}

function sentence(sides: PairedSides, adjustedP: number, isAdjusted: boolean): string {
  const { estimate, interval } = sides.difference;
  const isAhead = estimate >= 0;
  const [a, b] = sides.names;
  const [first, second] = isAhead ? [a, b] : [b, a];
  const range = interval === null || isAhead ? interval : ([-interval[1], -interval[0]] as const);
  const gain = describeGain(Math.abs(estimate), range, accuracy);
  const figures = `${gain}, ${describeP(adjustedP)}${isAdjusted ? ' after Holm' : ''}`;
  const words =
    adjustedP < 0.05
      ? `${first} gets more validation images right than ${second}: ${figures}`
      : `${first} and ${second} can't be told apart by their validation images: ${first} ahead by ${figures}`;
  return `${words}; ${groundsOf(sides)}`;
}

function groundsOf({ names: [a, b], counts, difference: { images, cells, only } }: PairedSides): string {
  const used = cells.map(({ length }) => length) as [number, number];
  const parts = used.map((n, i) => (n === counts[i] ? `${n}` : `${n} of ${counts[i]}`));
  const over = `paired over ${images} validation images`;
  const isPart = used.some((n, i) => n < counts[i]!);
  if (only === null)
    return `${over}, by the share of ${parts.join(' and ')} seeds that gets each right${isPart ? ' (of the others no predictions of these images are kept)' : ''}; it counts these seeds alone, what others would do their values tell`;
  const others = isPart
    ? `of ${parts.join(' and ')} seeds, of which predictions of these images are kept`
    : 'one seed each';
  return `${over}, ${only[0]} of them got right by ${a} alone and ${only[1]} by ${b} alone (McNemar's exact test); ${others}: another seed may turn it round`;
}
