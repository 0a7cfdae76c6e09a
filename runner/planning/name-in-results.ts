/** Under which name the results keep a grid: its own, unless another grid file has that already. */
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import type { GridRecord } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';

export interface NameInResults {
  name: string;
  /** What to say of a clash; null: there is none. */
  warning: string | null;
}

/**
 * A grid is its name and its file. Another file under the same name is a grid of its own, kept under its name and as much of its
 * path as tells the two apart: `grid (b/grid.yaml)`. The same grid under another path, since its file was moved or was copied
 * along with the results, keeps its name.
 *
 * @param results absolute path of the results folder
 */
export function nameInResults(
  { name, file }: Pick<Grid, 'name' | 'file'>,
  cells: readonly Cell[],
  store: Pick<StoreReader, 'grids' | 'storedCells'>,
  results: string,
): NameInResults {
  const namesakes = store
    .grids()
    .filter(stored => stored.name === name || stored.name.startsWith(`${name} (`));
  const own = namesakes.find(stored => isSameFile(stored.file, file));
  const other = namesakes.find(stored => stored.name === name);
  if (own !== undefined && own.name !== name) return clash(name, file, own.name, other);
  if (own !== undefined || other === undefined || hasMoved(other, file, cells, store, results))
    return { name, warning: null };
  return clash(
    name,
    file,
    `${name} (${tellingPart(
      file,
      namesakes.map(stored => resolve(stored.file)),
    )})`,
    other,
  );
}

function clash(name: string, file: string, kept: string, other: GridRecord | undefined): NameInResults {
  const of = other === undefined ? '' : `, of ${other.file || 'a rebuilt store'}`;
  return {
    name: kept,
    warning: `warning: the results have another grid named ${JSON.stringify(name)}${of}; this one is kept as ${JSON.stringify(kept)}. To tell them apart, give it a \`name:\` of its own in ${file}`,
  };
}

function isSameFile(stored: string, file: string): boolean {
  if (stored === '') return false;
  if (resolve(stored) === file) return true;
  const [a, b] = [stored, file].map(path => statSync(path, { throwIfNoEntry: false, bigint: true }));
  return a !== undefined && b !== undefined && a.ino === b.ino && a.dev === b.dev;
}

/** The file that is on record is gone, or lies beside other results as this one lies beside these; and both have cells in common. */
function hasMoved(
  stored: GridRecord,
  file: string,
  cells: readonly Cell[],
  store: Pick<StoreReader, 'storedCells'>,
  results: string,
): boolean {
  const project = dirname(results);
  const [here, there] = [file, resolve(stored.file)].map(path => relative(project, path)) as [string, string];
  const isInside = (path: string) => path !== '..' && !path.startsWith(`..${sep}`);
  const wasCopied = isInside(here) && !isInside(there) && there.endsWith(sep + here);
  if (existsSync(stored.file) && !wasCopied) return false;
  const ids = new Set(cells.map(({ cellId }) => cellId));
  const own = store.storedCells(stored.name).filter(({ present }) => present);
  return own.length === 0 || own.some(({ cellId }) => ids.has(cellId));
}

/** The end of a path, in whole names, that none of the others ends with: `b/grid.yaml` beside `a/grid.yaml`. */
function tellingPart(path: string, others: readonly string[]): string {
  const names = path.split(sep).reverse();
  const common = others.map(other => {
    const theirs = other.split(sep).reverse();
    return names.findIndex((name, back) => name !== theirs[back]);
  });
  return join(...names.slice(0, 1 + Math.max(0, ...common)).reverse());
}
