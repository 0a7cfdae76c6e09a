import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import { compareValues } from '../../domain/metric.js';
import { mean } from '../../statistics/moments.js';
import { pairedInterval, signFlipTest } from '../../statistics/pairs.js';
import { axesOf, blocksOf } from './blocks.js';
import { type Evidence, type RankedFamily, type Suggestion, signOf } from './suggestion.js';
import { cellsOf, difference, intervalWords } from './words.js';

/** Fewer pairs can't reach 5% by flipping signs. */
const fewestPairs = 6;

/** The best value of a numeric axis is its smallest or its largest: values beyond it haven't been tried. */
export function extendAxis(evidence: Evidence): Suggestion[] {
  return [...axesOf(evidence.families).keys()].flatMap(axis => suggestionFor(axis, evidence) ?? []);
}

function suggestionFor(axis: string, { families, objective, grid }: Evidence): Suggestion | null {
  const numbers = numbersOf(families, axis);
  if (numbers === null || numbers.length < 2) return null;
  const blocks = blocksOf(families, axis);
  const sign = signOf(objective);
  const means = numbers.map(({ label }) => {
    const values = blocks.flatMap(block => block.get(label)?.value ?? []);
    return { label, mean: values.length === 0 ? null : mean(values) };
  });
  const best = [...means].sort((a, b) => compareValues(a.mean, b.mean, objective.direction))[0]!;
  const place = numbers.findIndex(({ label }) => label === best.label);
  if (place !== 0 && place !== numbers.length - 1) return null;
  const end = place === 0 ? ('low' as const) : ('high' as const);
  const [edge, beside] = end === 'low' ? [numbers[0]!, numbers[1]!] : [numbers.at(-1)!, numbers.at(-2)!];
  const pairs = blocks.flatMap(block => {
    const [a, b] = [block.get(edge.label), block.get(beside.label)];
    return a === undefined || b === undefined ? [] : [{ a, b }];
  });
  if (pairs.length === 0) return null;
  const { estimate, interval } = pairedInterval(pairs.map(({ a, b }) => sign * (a.value - b.value)));
  if (estimate <= 0) return null;
  const p = signFlipTest(pairs.map(({ a, b }) => a.value - b.value));
  const enough = pairs.length >= fewestPairs;
  const next = beyond(edge.value, beside.value, axis);
  const rest = interval === null ? '' : ` ${intervalWords(interval, objective)}`;
  const few = enough
    ? ''
    : `; ${pairs.length === 1 ? 'one pair is' : `${pairs.length} pairs are`} too few to tell`;
  return {
    claim: {
      id: `suggestions/extend/${axis}/${end}`,
      kind: 'edge',
      text: `The best value of ${axis} is its ${end === 'low' ? 'smallest' : 'largest'}, ${edge.label}: ${difference(estimate, objective)}${rest} against ${beside.label}${few}.`,
      // What it becomes after Holm decides (suggestions.ts).
      verdict: enough ? 'holds' : 'undecided',
      ...{ estimate, interval, p, adjustedP: null, n: pairs.length, unit: 'pairs' },
      cells: pairs.flatMap(({ a, b }) => [...cellsOf(a), ...cellsOf(b)]),
      command: `grid effects ${JSON.stringify(grid)}`,
    },
    advice: `Try ${next}.`,
    change: { kind: 'extend', axis, value: next, beside: edge.label, end },
    model: null,
  };
}

/** Labels of an axis whose values are all numbers, in their order; null: they aren't. */
function numbersOf(
  families: readonly RankedFamily[],
  axis: string,
): { label: string; value: number }[] | null {
  const values = new Map<string, number>();
  for (const { labels, cells } of families) {
    const label = labels[axis];
    if (label === undefined) continue;
    const value = settingAt(cells[0]!.spec, axis);
    if (typeof value !== 'number' || !Number.isFinite(value)) return null;
    values.set(label, value);
  }
  return [...values].map(([label, value]) => ({ label, value })).sort((a, b) => a.value - b.value);
}

/** What a cell has on a settings path. */
function settingAt(spec: Readonly<RunSpec>, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (part, key) =>
        typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[key] : undefined,
      spec,
    );
}

/** Settings whose values are shares: three times 0.3 is no next step. */
const isShare = (axis: string) =>
  /smoothing|dropout|stochasticDepth|momentum|probability|fraction/i.test(axis);

/** As far from the edge as the value beside it: as a factor where both are above 0 and far apart, else as a difference. */
function beyond(edge: number, beside: number, axis: string): number {
  const isFactor = !isShare(axis) && edge > 0 && beside > 0 && Math.max(edge / beside, beside / edge) >= 1.9;
  const next = isFactor ? edge * (edge / beside) : edge + (edge - beside);
  return Number.isInteger(edge) && Number.isInteger(beside) ? Math.round(next) : Number(next.toPrecision(2));
}
