/**
 * What the store holds of a grid, kept in `grids/` of the results, too: its cells with their labels and settings, also of those that
 * never ran and have no folder. A section that many cells share is written once.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import {
  anyText,
  flag,
  integer,
  listOf,
  natural,
  oneOf,
  recordOf,
  shape,
  text,
} from '../../../trainer/contract/shape.js';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { checkedJson, checkedValue, UnexpectedJsonError } from '../../../trainer/files/checked-json.js';
import type { CellRecord, Labels } from '../../domain/stored.js';
import type { ResultsPaths } from '../run-paths.js';
import { storedSpec } from '../stored-spec.js';
import type { Connection } from './connection.js';
import { type Row, rowWith } from './record-lines.js';

interface GridFile {
  /** Columns of `grids`. */
  grid: Row;
  /** The values that the keys of RunSpecs have. */
  sections: Record<string, unknown[]>;
  /** In the order of the store. `spec`: by key, the index into its section. */
  cells: (Omit<FiledCell, 'spec'> & { spec: Record<string, number> })[];
}

const filedGrid = shape<GridFile>({
  grid: rowWith({
    ...{ grid: integer, name: text, description: anyText, file: anyText, objective_metric: anyText },
    ...{ objective_direction: oneOf(['maximize', 'minimize']), hash: anyText, registered_ms: integer },
  }),
  sections: recordOf({ type: 'array' }),
  cells: listOf(
    shape<GridFile['cells'][number]>({
      ...{ cell: integer, cellId: text, position: integer, present: flag },
      ...{ labels: recordOf(anyText), spec: recordOf(natural) },
    }),
  ),
});

export interface FiledCell {
  /** Number in the store, by which exports are ordered. */
  cell: number;
  cellId: string;
  position: number;
  present: boolean;
  labels: Labels;
  spec: RunSpec;
}

/** Writes the file of a grid as it is in the store. `cells`: those that were just registered, whose specs need no look-up. */
export function writeGridFile(
  connection: Connection,
  paths: ResultsPaths,
  name: string,
  cells: readonly CellRecord[],
): void {
  const known = new Map(cells.map(({ cellId, spec }) => [cellId, spec]));
  const grid = connection.prepare('SELECT * FROM grids WHERE name = ?').get(name) as Row;
  const rows = connection
    .prepare(
      `SELECT g.cell, c.cell_id, g.position, g.present, g.labels FROM grid_cells g JOIN cells c USING (cell)
       WHERE g.grid = ? ORDER BY g.cell`,
    )
    .all(grid.grid!) as {
    cell: number;
    cell_id: string;
    position: number;
    present: number;
    labels: string;
  }[];
  const specOf = connection.prepare('SELECT spec FROM specs WHERE cell = ?');
  const sections = new Sections();
  const filed = rows.map(({ cell, cell_id: cellId, position, present, labels }) => {
    const spec = known.get(cellId) ?? (JSON.parse((specOf.get(cell) as { spec: string }).spec) as RunSpec);
    return {
      ...{ cell, cellId, position, present: present === 1, labels: JSON.parse(labels) as Labels },
      spec: sections.place(spec),
    };
  });
  const file: GridFile = { grid, sections: sections.values, cells: filed };
  atomicWrite(paths.gridFile(name), `${JSON.stringify(file)}\n`);
}

class Sections {
  readonly values: Record<string, unknown[]> = {};
  readonly #byObject = new Map<unknown, number>();
  readonly #byText = new Map<string, number>();

  place(spec: Readonly<RunSpec>): Record<string, number> {
    return Object.fromEntries(Object.entries(spec).map(([key, value]) => [key, this.#index(key, value)]));
  }

  #index(key: string, value: unknown): number {
    // Cells share their sections as objects; those of the store are equal as texts.
    const shared = typeof value === 'object' && value !== null;
    const known = shared ? this.#byObject.get(value) : undefined;
    if (known !== undefined) return known;
    const text = `${key}:${JSON.stringify(value)}`;
    let index = this.#byText.get(text);
    if (index === undefined) {
      this.values[key] ??= [];
      index = this.values[key].push(value) - 1;
      this.#byText.set(text, index);
    }
    if (shared) this.#byObject.set(value, index);
    return index;
  }
}

/** All grids that have a file, in the order of the store; what can't be read is told to `problem`. */
export function readGridFiles(
  paths: ResultsPaths,
  problem: (message: string) => void,
): { grid: Row; cells: FiledCell[] }[] {
  let names: string[];
  try {
    names = readdirSync(paths.grids).filter(name => name.endsWith('.json'));
  } catch {
    return [];
  }
  const found = names.flatMap(name => {
    const path = join(paths.grids, name);
    try {
      const { grid, sections, cells } = checkedJson<GridFile>(readFileSync(path, 'utf8'), filedGrid, path);
      const filled = cells.map(({ spec, ...cell }): FiledCell => {
        const entries = Object.entries(spec).map(([key, index]) => [key, sections[key]?.[index]]);
        const where = `${path}: spec of the cell ${cell.cellId}`;
        return { ...cell, spec: checkedValue<RunSpec>(Object.fromEntries(entries), storedSpec, where) };
      });
      return [{ grid, cells: filled }];
    } catch (error) {
      problem(error instanceof UnexpectedJsonError ? error.message : `${path}: ${(error as Error).message}`);
      return [];
    }
  });
  return found.sort((a, b) => Number(a.grid.grid) - Number(b.grid.grid));
}
