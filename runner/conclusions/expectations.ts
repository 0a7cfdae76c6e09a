/** What was expected before a run, scored by what came out. */
import { type Expectation, expectationsIn, type Named, namedSettings } from '../domain/expectation.js';
import type { Claim } from '../statistics/claim.js';
import { mean } from '../statistics/moments.js';
import { pooledVariance } from '../statistics/noise.js';
import { pairedInterval, signFlipTest } from '../statistics/pairs.js';
import { holm } from '../statistics/several-claims.js';
import { tQuantile, tTwoSided } from '../statistics/student.js';
import type { StoreReader } from '../store/run-store.js';
import { readEvidence } from './suggestions/evidence.js';
import { type Evidence, type RankedFamily, signOf } from './suggestions/suggestion.js';
import { cellsOf, difference, intervalWords } from './suggestions/words.js';

/** Cells whose notes are looked through: what is said before a run is kept with all that it trains. */
const mostCells = 500;
const significance = 0.05;
/** Fewer pairs can't reach 5% by flipping signs: then the noise of the seeds decides. */
const fewestPairs = 6;

/** Each expectation in the notes of a grid: right, wrong, or can't tell. @throws StoreError `unknownGrid` */
export function expectationClaims(store: StoreReader, grid: string): Claim[] {
  return store.snapshot(() => {
    const cells = store
      .storedCells(grid)
      .filter(({ present }) => present)
      .slice(0, mostCells);
    const texts = new Map<string, Expectation>();
    for (const { cellId } of cells)
      for (const { text } of store.notesOf(cellId))
        for (const expectation of expectationsIn(text)) texts.set(expectation.text, expectation);
    if (texts.size === 0) return [];
    const evidence = readEvidence(store, grid);
    const labels = new Map<string, Set<string>>();
    for (const cell of cells)
      for (const [axis, label] of Object.entries(cell.labels))
        labels.set(axis, (labels.get(axis) ?? new Set()).add(label));
    const axes = new Map([...labels].map(([axis, all]) => [axis, [...all]]));
    const scored = [...texts.values()].flatMap(expectation => score(expectation, axes, evidence) ?? []);
    const tested = scored.filter(({ p }) => p !== null);
    const adjusted = holm(tested.map(({ p }) => p!));
    return scored.map(each => claimOf(each, adjusted[tested.indexOf(each)] ?? null, evidence));
  });
}

interface Scored {
  expectation: Expectation;
  /** Of the gain above what was expected at least; null: nothing to compare. */
  p: number | null;
  gain: number | null;
  interval: readonly [number, number] | null;
  pairs: number;
  cells: readonly string[];
}

/** Null: it names what isn't in the grid, and is a note like any other. */
function score(
  expectation: Expectation,
  axes: ReadonlyMap<string, readonly string[]>,
  { families, objective }: Evidence,
): Scored | null {
  const [better, worse] = [namedSettings(expectation.better, axes), namedSettings(expectation.worse, axes)];
  if (typeof better === 'string' || typeof worse === 'string') return null;
  const named = new Set([...Object.keys(better), ...Object.keys(worse)]);
  const [a, b] = [sideOf(better, named, families), sideOf(worse, named, families)];
  const keys = [...a.keys()].filter(key => b.has(key));
  const own = keys.flatMap(key => [...a.get(key)!, ...b.get(key)!]);
  const cells = own.flatMap(cellsOf);
  const none = { expectation, p: null, gain: null, interval: null, pairs: 0, cells: [] };
  if (keys.length === 0) return none;
  const sign = signOf(objective);
  const meanOf = (group: readonly RankedFamily[]) => mean(group.map(({ value }) => value));
  const gains = keys.map(key => sign * (meanOf(a.get(key)!) - meanOf(b.get(key)!)));
  const least = expectation.by / (objective.metric.endsWith('Accuracy') ? 100 : 1);
  const found = { expectation, gain: mean(gains), pairs: keys.length, cells };
  if (keys.length >= fewestPairs)
    return {
      ...found,
      interval: pairedInterval(gains).interval,
      p: signFlipTest(gains.map(gain => gain - least)),
    };
  const noise = pooledVariance(own.map(family => family.cells.map(({ value }) => value!)));
  // Seeds that all come to one value don't say how much they differ.
  if (noise === null || noise.variance === 0) return { ...found, interval: null, p: null };
  // Of the mean over the pairs of differences of means over groups of means over seeds.
  const ofGroup = (group: readonly RankedFamily[]) =>
    group.reduce((sum, family) => sum + 1 / family.cells.length, 0) / group.length ** 2;
  const parts = keys.reduce((sum, key) => sum + ofGroup(a.get(key)!) + ofGroup(b.get(key)!), 0);
  const error = Math.sqrt(noise.variance * parts) / keys.length;
  const half = tQuantile(1 - significance / 2, noise.df) * error;
  const away = found.gain - least;
  const p = tTwoSided(away / error, noise.df);
  return { ...found, interval: [found.gain - half, found.gain + half], p };
}

/** Families with these labels, by what they have on the axes that nobody named. */
function sideOf(labels: Named, named: ReadonlySet<string>, families: readonly RankedFamily[]) {
  const groups = new Map<string, RankedFamily[]>();
  for (const family of families) {
    if (!Object.entries(labels).every(([axis, label]) => family.labels[axis] === label)) continue;
    const others = Object.entries(family.labels).filter(([axis]) => !named.has(axis));
    const key = JSON.stringify(others.sort(([x], [y]) => (x < y ? -1 : 1)));
    groups.set(key, [...(groups.get(key) ?? []), family]);
  }
  return groups;
}

function claimOf(
  { expectation, p, gain, interval, pairs, cells }: Scored,
  adjustedP: number | null,
  { objective, grid }: Evidence,
): Claim {
  const least = expectation.by / (objective.metric.endsWith('Accuracy') ? 100 : 1);
  const isDecided = adjustedP !== null && adjustedP < significance;
  const verdict = !isDecided ? 'can’t tell' : gain! > least ? 'right' : 'wrong';
  const range = interval === null ? '' : ` ${intervalWords(interval, objective)}`;
  const figures =
    gain === null
      ? 'there is no pair of settings yet that differ in this alone'
      : `${difference(gain, objective)}${range} over ${pairs} ${pairs === 1 ? 'pair' : 'pairs'}`;
  return {
    id: `expectations/${expectation.text}`,
    kind: 'expectation',
    text: `Expected: ${expectation.text.replace(/^expect\s+/i, '')}. ${verdict[0]!.toUpperCase()}${verdict.slice(1)}: ${figures}.`,
    verdict: isDecided ? 'holds' : 'undecided',
    ...{ estimate: gain, interval, p, adjustedP, n: pairs, unit: 'pairs', cells },
    command: `grid report ${JSON.stringify(grid)}`,
  };
}
