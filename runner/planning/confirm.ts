/** Which cells confirm a grid: fresh seeds of those of its settings that may be the best. */
import type { Cell } from '../domain/cell.js';
import { confirmationOf } from '../domain/confirmation.js';
import { UsageError } from '../domain/error.js';
import type { StoredResult } from '../domain/stored.js';
import { cellIdOf } from '../grid/identity/cell-id.js';
import type { StoreReader } from '../store/run-store.js';
import { familyOf } from '../store/sqlite/family.js';
import type { NamedGrid } from './prepared-grid.js';

/** Fresh seeds begin here, far from those that people take: a grid that gets more seeds later has others. */
const firstFresh = 1001;

/**
 * The grid of fresh seeds beside a grid. Seeds that it had before stay, so that it goes on where it stopped.
 *
 * @param finalists a cell of each setting that is to be confirmed
 * @param seeds of each of them
 * @throws UsageError where a finalist is no longer in the file
 */
export function confirmationGrid(
  named: NamedGrid,
  finalists: readonly StoredResult[],
  seeds: number,
  store: StoreReader,
): NamedGrid {
  const { name } = named.grid;
  const own = store.storedCells(name);
  const chosenBy = new Set(own.map(({ cellId }) => cellId));
  const begun = store
    .storedCells(confirmationOf(name))
    .filter(({ present, cellId }) => present && !chosenBy.has(cellId));
  const fresh = freshSeeds(own, begun, seeds);
  const inFile = new Map(named.cells.map(cell => [familyOf(cell.spec), cell]));
  const cells = new Map<string, Cell>();
  const add = (cell: Cell, seed: number) => {
    const spec = { ...cell.spec, seed };
    const cellId = cellIdOf(spec);
    cells.set(cellId, { cellId, index: cells.size, labels: { ...cell.labels, seed: String(seed) }, spec });
  };
  for (const { cellId, labels, spec } of finalists) {
    const cell = inFile.get(familyOf(spec));
    if (cell === undefined)
      throw new UsageError(
        `cell ${cellId.slice(0, 8)} (${Object.values(labels).join(' · ')}) is among the first of ${name}, but no longer in ${named.grid.file}: put it back, or run the grid as it is now`,
      );
    for (const seed of fresh) add(cell, seed);
  }
  // Settings that were among the first once.
  for (const { spec } of begun) {
    const cell = inFile.get(familyOf(spec));
    if (cell !== undefined) add(cell, spec.seed);
  }
  return { ...named, grid: { ...named.grid, name: confirmationOf(name) }, cells: [...cells.values()] };
}

/** Those that were begun first, then the next ones that no cell of the grid has. */
function freshSeeds(own: readonly StoredResult[], begun: readonly StoredResult[], count: number): number[] {
  const taken = new Set(own.map(({ spec }) => spec.seed));
  const seeds = [...new Set(begun.map(({ spec }) => spec.seed))].sort((a, b) => a - b).slice(0, count);
  for (let seed = firstFresh; seeds.length < count; seed++)
    if (!taken.has(seed) && !seeds.includes(seed)) seeds.push(seed);
  return seeds;
}
