/** How much of the differences each axis and the seeds explain, and where one axis depends on another. */
import type { Objective } from '../../domain/metric.js';
import type { Claim } from '../../statistics/claim.js';
import { type Decomposition, decompose } from '../../statistics/decomposition.js';
import { mean } from '../../statistics/moments.js';
import type { PooledVariance } from '../../statistics/noise.js';
import { holm } from '../../statistics/several-claims.js';
import { plain } from '../../text/names.js';
import type { Axis, Family } from '../families.js';
import { describeGain, describeP } from '../words.js';
import { pairsOf } from './pairs.js';
import { idPart, valueName } from './wording.js';

/** Of more settings and axes than these the sums take too long. */
const mostSettings = 5000;
const mostAxes = 8;

/** Settings with a mean, on all axes; null: fewer than three, or too many to be taken apart. */
export function sharesOf(
  families: readonly Family[],
  axes: readonly Axis[],
  noise: PooledVariance | null,
): Decomposition | null {
  const known = families.filter(family => family.mean !== null);
  if (axes.length === 0 || axes.length > mostAxes || known.length < 3 || known.length > mostSettings)
    return null;
  return decompose(
    axes.map(({ path }) => path),
    known.map(family => ({
      levels: axes.map(({ path }) => family.labels[path] ?? ''),
      mean: family.mean!,
      n: family.values.length,
    })),
    noise,
  );
}

/** Why shares and interactions are left out, where that isn't for want of settings; null: they aren't. */
export function sharesLeftOut(families: readonly Family[], axes: readonly Axis[]): string | null {
  const known = families.filter(family => family.mean !== null).length;
  const most = (count: number, of: string) =>
    `what each axis explains, and interactions, are left out: over ${count} ${of} they take too long`;
  if (axes.length > mostAxes) return `${most(mostAxes, 'axes')} (${axes.length} here)`;
  if (known > mostSettings) return `${most(mostSettings, 'settings')} (${known} here)`;
  return null;
}

/** An interaction is worth knowing from this share of the variance on. */
const leastShare = 0.02;

/** Interactions that hold, adjusted among themselves by Holm, and explain more than 2%: told by what one axis does within the other. */
export function interactionClaims(
  { terms }: Decomposition,
  families: readonly Family[],
  axes: readonly Axis[],
  { objective, command }: { objective: Objective; command: string },
): Claim[] {
  const tested = terms.filter(({ factors, p }) => factors.length === 2 && p !== null);
  const adjusted = holm(tested.map(({ p }) => p!));
  return tested.flatMap((term, i): Claim[] => {
    if (adjusted[i]! >= 0.05 || (term.share ?? 0) <= leastShare) return [];
    const [a, b] = term.factors.map(path => axes.find(axis => axis.path === path)!) as [Axis, Axis];
    const told = furthestApart(families, a, b, objective);
    if (told === null) return [];
    const effects = told.effects.map(
      ({ label, gain }) => `${describeGain(gain, null, objective)} with ${valueName(b, label)}`,
    );
    const used = families.filter(family => family.mean !== null);
    return [
      {
        id: `effects/interactions/${idPart(a.path)}*${idPart(b.path)}`,
        kind: 'interaction',
        text: `${plain(a.path)} depends on ${plain(b.path)}: ${valueName(a, told.first)} over ${valueName(a, told.second)} is ${effects.join(', ')}; ${percent(term.share!)} of the variance, ${describeP(adjusted[i]!)} after Holm`,
        verdict: 'holds',
        estimate: told.range,
        interval: null,
        p: term.p,
        adjustedP: adjusted[i]!,
        n: used.length,
        unit: 'settings',
        cells: used.flatMap(({ outcomes }) => outcomes.map(({ cell }) => cell)),
        command,
      },
    ];
  });
}

export const percent = (share: number): string => `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;

interface Told {
  first: string;
  second: string;
  /** Of the first over the second within each label of the other axis; positive is better. */
  effects: { label: string; gain: number }[];
  range: number;
}

/** The two values of A whose difference depends most on B. */
function furthestApart(families: readonly Family[], a: Axis, b: Axis, { direction }: Objective): Told | null {
  const sign = direction === 'maximize' ? 1 : -1;
  const candidates = a.labels.flatMap((first, i) =>
    a.labels.slice(i + 1).flatMap((second): Told[] => {
      const effects = b.labels.flatMap(label => {
        const within = families.filter(family => family.labels[b.path] === label);
        const { pairs } = pairsOf(within, a, first, second);
        const gains = pairs.flatMap(pair =>
          pair.a.mean === null || pair.b.mean === null ? [] : [sign * (pair.a.mean - pair.b.mean)],
        );
        return gains.length === 0 ? [] : [{ label, gain: mean(gains) }];
      });
      if (effects.length < 2) return [];
      const gains = effects.map(({ gain }) => gain);
      const range = Math.max(...gains) - Math.min(...gains);
      // The one that is ahead on the whole is named first.
      if (mean(gains) >= 0) return [{ first, second, effects, range }];
      const turned = effects.map(({ label, gain }) => ({ label, gain: -gain }));
      return [{ first: second, second: first, effects: turned, range }];
    }),
  );
  return candidates.sort((one, other) => other.range - one.range)[0] ?? null;
}
