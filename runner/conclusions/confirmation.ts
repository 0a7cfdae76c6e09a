/** What fresh seeds say of the settings that were chosen for their values: no luck of the choice is in it. */
import { confirmationOf } from '../domain/confirmation.js';
import { compareValues, type Objective } from '../domain/metric.js';
import { isWhole } from '../domain/run-state.js';
import { type Family, readFamilies } from '../readings/families.js';
import type { Claim } from '../statistics/claim.js';
import { mean, standardDeviation } from '../statistics/moments.js';
import { pairedInterval } from '../statistics/pairs.js';
import { holm } from '../statistics/several-claims.js';
import { welchTest } from '../statistics/welch.js';
import type { StoreReader } from '../store/run-store.js';
import { formatFixed, formatMean } from '../text/numbers.js';
import { difference, familyName } from './suggestions/words.js';

export interface Confirmed {
  name: string;
  /** Of the fresh seeds alone; the best first. */
  values: readonly number[];
  mean: number;
  std: number | null;
  /** Mean of the seeds that chose it; null: it is no longer in the grid. */
  chosenAt: number | null;
  cells: readonly string[];
}

const significance = 0.05;

/** Settings with fresh seeds that have come to a result, the best first by these alone. */
export function readConfirmed(store: StoreReader, grid: string): Confirmed[] {
  return store.snapshot(() => {
    const name = confirmationOf(grid);
    if (!store.grids().some(known => known.name === name)) return [];
    const { direction } = store.grid(grid).objective;
    const chosen = readFamilies(store, grid);
    const known = new Set(store.storedCells(grid).map(({ cellId }) => cellId));
    return readFamilies(store, name)
      .flatMap(family => {
        // A seed that the grid has by now is no fresh one any more.
        const cells = family.cells.filter(({ cellId }) => !known.has(cellId));
        return confirmedOf(
          { ...family, cells },
          chosen.find(other => other.family === family.family),
        );
      })
      .sort((a, b) => compareValues(a.mean, b.mean, direction));
  });
}

function confirmedOf(family: Family, chosen: Family | undefined): Confirmed[] {
  const done = family.cells.filter(({ state, value }) => isWhole(state) && value !== null);
  if (done.length === 0) return [];
  const values = done.map(({ value }) => value!);
  const before = chosen?.cells.flatMap(({ value }) => value ?? []) ?? [];
  return [
    {
      name: familyName(family),
      ...{ values, mean: mean(values), std: standardDeviation(values) },
      chosenAt: before.length === 0 ? null : mean(before),
      cells: done.map(({ cellId }) => cellId),
    },
  ];
}

/** Each setting by its fresh seeds, and the best of them against the others. */
export function confirmationClaims(store: StoreReader, grid: string): Claim[] {
  const confirmed = readConfirmed(store, grid);
  const [first, ...others] = confirmed;
  if (first === undefined) return [];
  const { objective } = store.grid(grid);
  const command = `grid leaderboard --grid ${JSON.stringify(confirmationOf(grid))}`;
  const compared = others.filter(({ std }) => std !== null && first.std !== null);
  const ps = compared.map(other => welchTest(momentsOf(first), momentsOf(other)));
  const adjusted = holm(ps);
  return [
    ...confirmed.map((each): Claim => {
      const { interval } = pairedInterval(each.values);
      const range = interval === null ? '' : ` [${interval.map(formatFixed).join(', ')}]`;
      const before =
        each.chosenAt === null ? '' : `; those that chose it came to ${formatFixed(each.chosenAt)}`;
      return {
        id: `confirmation/${each.name}`,
        kind: 'confirmed',
        text: `${each.name} comes to ${formatFixed(each.mean)}${range} on ${seedsOf(each)}${before}.`,
        verdict: 'holds',
        ...{
          estimate: each.mean,
          interval,
          p: null,
          adjustedP: null,
          n: each.values.length,
          unit: 'fresh seeds',
        },
        ...{ cells: each.cells, command },
      };
    }),
    ...compared.map((other, i): Claim => {
      const gain = gainOf(first, other, objective);
      const holds = adjusted[i]! < significance;
      return {
        id: `confirmation/${first.name}>${other.name}`,
        kind: 'confirmedDifference',
        text: holds
          ? `${first.name} is better than ${other.name} by fresh seeds alone: ${difference(gain, objective)}.`
          : `Fresh seeds can’t tell ${first.name} from ${other.name}: ${difference(gain, objective)}.`,
        verdict: holds ? 'holds' : 'undecided',
        ...{ estimate: gain, interval: null, p: ps[i]!, adjustedP: adjusted[i]! },
        ...{ n: first.values.length + other.values.length, unit: 'fresh seeds' },
        ...{ cells: [...first.cells, ...other.cells], command },
      };
    }),
  ];
}

const seedsOf = ({ values }: Confirmed) =>
  values.length === 1 ? 'one fresh seed' : `${values.length} fresh seeds`;
const momentsOf = ({ mean, std, values }: Confirmed) => ({ mean, std: std!, n: values.length });
const gainOf = (a: Confirmed, b: Confirmed, { direction }: Objective) =>
  direction === 'maximize' ? a.mean - b.mean : b.mean - a.mean;

/** For a view on one line. */
export const confirmedWords = ({ name, mean, std, values, chosenAt }: Confirmed): string =>
  `${name}  ${formatMean(mean, std)} (${values.length}${chosenAt === null ? '' : `; chosen at ${formatFixed(chosenAt)}`})`;
