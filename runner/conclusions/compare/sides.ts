/** What `grid compare` is asked for: cells by the beginning of an id, settings by their labels. */
import { UsageError } from '../../domain/error.js';
import type { Labels, StoredResult } from '../../domain/stored.js';
import type { StoreReader } from '../../store/run-store.js';
import { StoreError } from '../../store/store-error.js';
import { cellName, plain, shortId } from '../../text/names.js';

export interface AskedSide {
  /** As it is called: its labels without the seed, unless another side has the same. */
  name: string;
  /** In the order of the grid. */
  cells: readonly StoredResult[];
}

export interface Asked {
  grid: string;
  sides: readonly AskedSide[];
}

const seedAxis = 'seed';

/**
 * A cell brings those along that differ from it only in their seed; where two of the same are named, each stands for itself.
 *
 * @param words two or more
 * @throws StoreError `unknownGrid`, `ambiguousCell`; UsageError where a word names no setting, more than one, or one twice
 */
export function findSides(store: StoreReader, words: readonly string[], name?: string): Asked {
  if (words.length < 2)
    throw new UsageError(
      'compare takes two or more: `grid compare 3fa1 77c0`, or labels: `grid compare r18,sgd r34,sgd`.',
    );
  const ids = words.map(word => cellOf(store, word));
  const grid = name === undefined ? gridOf(store, words, ids) : store.grid(name).name;
  const standings = store.standings(grid);
  const familyOf = new Map(standings.flatMap(({ family, cells }) => cells.map(cell => [cell, family])));
  const cells = store.storedCells(grid);
  const found = words.map((word, i) => {
    const id = ids[i];
    if (id === null || id === undefined) return { word, cell: labelled(word, grid, cells, familyOf) };
    const cell = cells.find(({ cellId }) => cellId === id);
    if (cell === undefined) throw new UsageError(`cell ${shortId(id)} is not in grid ${grid}`);
    return { word, cell };
  });
  const familyIn = (cell: StoredResult) => familyOf.get(cell.cellId) ?? cell.cellId;
  const families = found.map(({ cell }) => familyIn(cell));
  const sides = found.map(({ cell }, i): AskedSide => {
    const isAlone = families.indexOf(families[i]!) !== families.lastIndexOf(families[i]!);
    const own = isAlone ? [cell] : cells.filter(each => familyIn(each) === families[i]);
    const labels = isAlone ? cell.labels : withoutSeed(cell.labels);
    return { name: cellName(cell.cellId, labels), cells: own };
  });
  const twice = found.find(({ cell }, i) => found.findIndex(other => other.cell === cell) !== i);
  if (twice !== undefined) throw new UsageError(`${twice.word}: named twice; there is nothing to compare`);
  return { grid, sides };
}

/** Null: no id begins so, and it may be labels. */
function cellOf(store: StoreReader, word: string): string | null {
  try {
    return store.findCell(word).cellId;
  } catch (error) {
    if (error instanceof StoreError && error.problem === 'unknownCell') return null;
    throw error;
  }
}

/** The first one that has all named cells; of labels alone the only one. */
function gridOf(store: StoreReader, words: readonly string[], ids: readonly (string | null)[]): string {
  const named = ids.flatMap((id, i) => (id === null ? [] : [{ id, word: words[i]! }]));
  if (named.length === 0) return store.grid().name;
  const grids = named.map(({ id }) => store.gridsOf(id).map(({ grid }) => grid));
  const common = grids[0]!.find(grid => grids.every(own => own.includes(grid)));
  if (common !== undefined) return common;
  const where = named.map(({ word }, i) => `${word} is in ${grids[i]!.join(', ')}`);
  throw new UsageError(
    `no grid has all of these cells: ${where.join('; ')}. Values of different grids aren't of one measure.`,
  );
}

function labelled(
  word: string,
  grid: string,
  cells: readonly StoredResult[],
  familyOf: ReadonlyMap<string, string>,
): StoredResult {
  const labels = word.split(',').map(label => label.trim());
  const fitting = cells.filter(
    cell => cell.present && labels.every(label => Object.values(cell.labels).includes(label)),
  );
  const settings = new Map(fitting.map(cell => [familyOf.get(cell.cellId), cell]));
  if (settings.size === 0) {
    const known = new Set(cells.flatMap(cell => Object.values(withoutSeed(cell.labels))));
    throw new UsageError(
      `${word}: no cell's id begins so, and no cell of grid ${grid} has these labels; there are: ${[...known].map(plain).join(', ')}`,
    );
  }
  if (settings.size > 1) {
    const names = [...settings.values()].map(cell => cellName(cell.cellId, withoutSeed(cell.labels)));
    const more = names.length > 3 ? ', …' : '';
    throw new UsageError(
      `${word}: ${settings.size} settings of grid ${grid} have these labels (${names.slice(0, 3).join('; ')}${more}); name more of them, with commas between`,
    );
  }
  // A seed that was named stands for itself where its sibling is named, too.
  return fitting[0]!;
}

function withoutSeed({ [seedAxis]: _seed, ...labels }: Labels): Labels {
  return labels;
}
