/**
 * Cells whose objective was a part of their id get the id of today, so that their results are found: rows and folder. All of it is
 * one transaction of the store; what a crash left half renamed is found renamed the next time.
 */
import { existsSync, lstatSync, renameSync, symlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { defaultObjective } from '../../trainer/contract/defaults.js';
import type { RunSpec } from '../../trainer/contract/run-spec.js';
import { cellIdOf, formerCellIdOf } from '../grid/identity/cell-id.js';
import type { ResultsPaths } from './run-paths.js';
import type { Connection } from './sqlite/connection.js';
import { familyOf } from './sqlite/family.js';
import { writeGridFile } from './sqlite/grid-files.js';

interface FormerCell {
  cell: number;
  cell_id: string;
  epochs: number;
  spec: string;
}

/** Does nothing while a cell is running: whoever runs it knows it by its former id. */
export function carryOver(connection: Connection, paths: ResultsPaths): void {
  if (!isDue(connection)) return;
  connection.write(() => {
    if (!isDue(connection)) return;
    // Of several cells that are one now, the one that was trained furthest comes first.
    const cells = connection
      .prepare(
        `SELECT cell, cell_id, epochs, spec FROM cells CROSS JOIN specs USING (cell) WHERE former_id ORDER BY epochs DESC, cell`,
      )
      .all() as FormerCell[];
    for (const cell of cells) carryCell(connection, paths, cell);
    connection.prepare('UPDATE cells SET former_id = 0 WHERE former_id').run();
    const grids = connection
      .prepare(
        `SELECT DISTINCT name FROM grids JOIN grid_cells USING (grid) WHERE cell IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(cells.map(({ cell }) => cell))) as { name: string }[];
    for (const { name } of grids)
      if (existsSync(paths.gridFile(name))) writeGridFile(connection, paths, name, []);
  });
}

/** Cells with another objective than the default one may have a former id; the others' ids stayed as they were. */
export function markFormer(connection: Connection): void {
  const { metric, direction } = defaultObjective;
  connection
    .prepare('UPDATE cells SET former_id = 1 WHERE (objective_metric, objective_direction) IS NOT (?, ?)')
    .run(metric, direction);
}

const isDue = (connection: Connection): boolean =>
  connection
    .prepare(`SELECT 1 FROM cells WHERE former_id AND NOT EXISTS (SELECT 1 FROM leases) LIMIT 1`)
    .get() !== undefined;

function carryCell(
  connection: Connection,
  paths: ResultsPaths,
  { cell, cell_id: former, epochs, spec }: FormerCell,
) {
  const settings = JSON.parse(spec) as RunSpec;
  connection.prepare('UPDATE cells SET family = ? WHERE cell = ?').run(familyOf(settings), cell);
  const cellId = cellIdOf(settings);
  if (cellId === former || formerCellIdOf(settings) !== former) return;
  const known = connection.prepare('SELECT cell, epochs FROM cells WHERE cell_id = ?').get(cellId) as
    | { cell: number; epochs: number }
    | undefined;
  if (known === undefined) {
    carry(connection, paths, cell, former, cellId);
    return;
  }
  if (known.epochs < epochs) {
    rename(connection, paths, known.cell, cellId, `${cellId}-aside`);
    carry(connection, paths, cell, former, cellId);
  }
  const [kept, aside] = known.epochs < epochs ? [cell, known.cell] : [known.cell, cell];
  // The other one stays in store and folder, in no grid.
  connection
    .prepare(
      'UPDATE grid_cells SET present = 1 WHERE cell = ?1 AND grid IN (SELECT grid FROM grid_cells WHERE cell = ?2 AND present)',
    )
    .run(kept, aside);
  connection.prepare('UPDATE OR IGNORE grid_cells SET cell = ? WHERE cell = ?').run(kept, aside);
  connection.prepare('DELETE FROM grid_cells WHERE cell = ?').run(aside);
  const time = Date.now();
  const note = connection.prepare('INSERT INTO notes (cell, attempt, time_ms, text) VALUES (?, NULL, ?, ?)');
  const asideId = aside === cell ? former : `${cellId}-aside`;
  note.run(
    aside,
    time,
    `set aside: cell ${cellId} differs from it in its objective alone and was trained further; its files are in ${paths.cell(asideId).root}`,
  );
  note.run(
    kept,
    time,
    `cell ${asideId} differs from it in its objective alone and was set aside; its files are in ${paths.cell(asideId).root}`,
  );
}

function rename(connection: Connection, paths: ResultsPaths, cell: number, from: string, to: string): void {
  const [source, target] = [paths.cell(from).root, paths.cell(to).root];
  if (isFolder(source) && !existsSync(target)) renameSync(source, target);
  connection.prepare('UPDATE cells SET cell_id = ? WHERE cell = ?').run(to, cell);
}

/** The former folder's name stays as a link: grids and people may name it. */
function carry(connection: Connection, paths: ResultsPaths, cell: number, from: string, to: string): void {
  rename(connection, paths, cell, from, to);
  const [source, target] = [paths.cell(from).root, paths.cell(to).root];
  if (!existsSync(target) || existsSync(source)) return;
  try {
    symlinkSync(basename(target), source, 'dir');
  } catch {
    // Not every disk has links; the cell is found by its id of today.
  }
}

const isFolder = (path: string) => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
