/** Comparisons as sentences with their receipts. */
import type { Objective } from '../../domain/metric.js';
import type { Claim } from '../../statistics/claim.js';
import { isNumeric, plain } from '../../text/names.js';
import type { Axis } from '../families.js';
import { describeGain, describeP } from '../words.js';
import { type Comparison, fewestPairs } from './comparison.js';

/** Labels that say nothing without their axis. */
const bare = /^(true|false|none|null|yes|no|on|off|default)$/i;

/** `adamw`; `learningRate 0.1`. */
export function valueName({ path }: Pick<Axis, 'path'>, label: string): string {
  const name = plain(label);
  return isNumeric(label) || bare.test(label) ? `${plain(path.split('.').at(-1)!)} ${name}` : name;
}

/** As a part of a claim's id. */
export const idPart = (label: string): string => encodeURIComponent(label);

/** A word of a command line. */
export const shellWord = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/**
 * `adamw beats sgd in 11 of 12 pairs, +2.1 points [0.9, 3.3], p = 0.006 after Holm`.
 *
 * @param adjustedP null: too few pairs to be judged
 */
export function comparisonClaim(
  comparison: Comparison,
  adjustedP: number | null,
  { objective, command }: { objective: Objective; command: string },
): Claim {
  const { axis, a, b, pairs, estimate, interval, p, wins, losses, ties, averaged } = comparison;
  const n = pairs.length;
  const holds = adjustedP !== null && adjustedP < 0.05;
  const isAhead = estimate >= 0;
  const [first, second] = isAhead ? [a, b] : [b, a];
  const [won, gain] = isAhead ? [wins, estimate] : [losses, -estimate];
  const range = interval === null || isAhead ? interval : ([-interval[1], -interval[0]] as const);
  const name = valueName(axis, first);
  // `learningRate 0.1 beats 0.01`: the axis once.
  const other = isNumeric(first) && isNumeric(second) ? plain(second) : valueName(axis, second);
  const figures = [
    `${won} of ${n} ${n === 1 ? 'pair' : 'pairs'}${ties > 0 ? ` (${ties} ${ties === 1 ? 'tie' : 'ties'})` : ''}`,
    describeGain(gain, range, objective),
    ...(adjustedP === null ? [] : [`${describeP(adjustedP)} after Holm`]),
  ].join(', ');
  const sentence = holds
    ? `${name} beats ${other} in ${figures}`
    : n < fewestPairs
      ? `${name} is ahead of ${other} in ${figures}: too few to tell`
      : `${name} and ${other} can't be told apart: ${name} ahead in ${figures}`;
  const remarks = [
    ...(averaged.length > 0 ? [`averaged over ${averaged.map(plain).join(', ')}`] : []),
    ...(axis.linked.length > 0 ? [`with ${axis.linked.map(plain).join(', ')}`] : []),
    ...lostWords(comparison),
  ];
  return {
    id: `effects/${idPart(axis.path)}/${idPart(a)}:${idPart(b)}`,
    kind: 'pairedEffect',
    text: [sentence, ...remarks].join('; '),
    verdict: holds ? 'holds' : 'undecided',
    estimate,
    interval,
    p,
    adjustedP,
    n,
    unit: 'pairs',
    cells: cellsOf(comparison),
    command,
  };
}

/** Pairs that aren't counted: an end without a value is worse than any, but by no number. */
function lostWords({ axis, a, b, lost }: Comparison): string[] {
  if (lost.pairs === 0) return [];
  const leftOut = `${lost.pairs} ${lost.pairs === 1 ? 'pair' : 'pairs'} left out`;
  if (lost.a === lost.pairs && lost.b === lost.pairs) return [`${leftOut}: both ended without a value`];
  const sides = [
    { name: valueName(axis, a), count: lost.a },
    { name: valueName(axis, b), count: lost.b },
  ].filter(({ count }) => count > 0);
  const words = sides.map(({ name, count }) => (sides.length > 1 ? `${name} in ${count}` : name));
  return [`${leftOut}: ${words.join(', ')} ended without a value`];
}

const cellsOf = ({ pairs }: Comparison) =>
  pairs
    .flatMap(({ a, b }) => [...a.families, ...b.families])
    .flatMap(({ outcomes }) => outcomes.map(({ cell }) => cell));
