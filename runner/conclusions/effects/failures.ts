/** What the cells have in common that ended without a value. */
import type { Outcome } from '../../readings/outcomes.js';
import { fisherTest, wilsonInterval } from '../../statistics/binomial.js';
import type { Claim } from '../../statistics/claim.js';
import type { Axis } from '../families.js';
import { describeP } from '../words.js';
import { idPart, valueName } from './wording.js';

/** A value of an axis, or one each of two. */
export interface FailureGroup {
  values: readonly { axis: Axis; label: string }[];
  cells: readonly Outcome[];
  lost: readonly Outcome[];
  /** The same of all other cells. */
  others: { cells: number; lost: number };
  /** Fisher's, times the number of groups that were looked at. */
  p: number;
}

/**
 * Groups in which more cells fail than elsewhere, p < 0.05 over all that are looked at (each value, each two of different axes); the most
 * telling first, and then what explains the failures outside of those.
 */
export function failureGroups(outcomes: readonly Outcome[], axes: readonly Axis[]): FailureGroup[] {
  const candidates = groupsOf(axes);
  const found: FailureGroup[] = [];
  let left = outcomes;
  while (left.some(({ failure }) => failure !== null)) {
    const best = candidates
      .map(values => groupAmong(left, values, candidates.length))
      .filter(group => group.lost.length / group.cells.length > group.others.lost / group.others.cells)
      // Of equal ones the simpler.
      .sort((a, b) => a.p - b.p || a.values.length - b.values.length)[0];
    if (best === undefined || best.p >= 0.05) break;
    found.push(best);
    left = left.filter(outcome => !best.cells.includes(outcome));
  }
  return found;
}

type Values = FailureGroup['values'];

function groupsOf(axes: readonly Axis[]): Values[] {
  const single = axes.flatMap(axis => axis.labels.map(label => ({ axis, label })));
  const double = single.flatMap((a, i) =>
    single
      .slice(i + 1)
      .filter(b => b.axis !== a.axis)
      .map(b => [a, b]),
  );
  return [...single.map(value => [value]), ...double];
}

function groupAmong(outcomes: readonly Outcome[], values: Values, groups: number): FailureGroup {
  const isIn = ({ labels }: Outcome) => values.every(({ axis, label }) => labels[axis.path] === label);
  const cells = outcomes.filter(isIn);
  const lost = cells.filter(({ failure }) => failure !== null);
  const others = {
    cells: outcomes.length - cells.length,
    lost: outcomes.reduce((count, { failure }) => count + Number(failure !== null), 0) - lost.length,
  };
  const p = fisherTest([lost.length, cells.length - lost.length], [others.lost, others.cells - others.lost]);
  return { values, cells, lost, others, p: Math.min(1, p * groups) };
}

/** `adamw with learningRate 0.1: 6 of 6 diverged, of the others 0 of 18, p = 0.0003 after Holm`. */
export function failureClaim(group: FailureGroup, adjustedP: number, command: string): Claim {
  const { values, cells, lost, others, p } = group;
  const ends = [...new Set(lost.map(({ failure }) => failure!))];
  const how = ends.length === 1 && ends[0] === 'diverged' ? 'diverged' : 'ended without a value';
  const why = how === 'diverged' ? '' : ` (${ends.join(', ')})`;
  return {
    id: `effects/failures/${values.map(({ axis, label }) => `${idPart(axis.path)}=${idPart(label)}`).join('&')}`,
    kind: 'failures',
    text: [
      `${values.map(({ axis, label }) => valueName(axis, label)).join(' with ')}: ${lost.length} of ${cells.length} ${how}${why}`,
      `of the others ${others.lost} of ${others.cells}`,
      `${describeP(adjustedP)} after Holm`,
    ].join(', '),
    verdict: adjustedP < 0.05 ? 'holds' : 'undecided',
    estimate: lost.length / cells.length,
    interval: wilsonInterval(lost.length, cells.length),
    p,
    adjustedP,
    n: cells.length,
    unit: 'cells',
    cells: cells.map(({ cell }) => cell),
    command,
  };
}
