/** Puts back into an empty store what the folders of its results tell; within a transaction of the caller. */
import { statesBefore } from '../../domain/run-state.js';
import type { CellHistory } from './cell-history.js';
import type { Connection } from './connection.js';
import { familyOf } from './family.js';
import type { FiledCell } from './grid-files.js';
import type { MetricTable } from './metric-table.js';
import type { Row } from './record-lines.js';
import type { SqlValue } from './sqlite.js';
import { objectiveColumns } from './summary.js';

/** A grid as its file has it. Numbers are kept where they are free, since exports are in their order. */
export function restoreGrid(connection: Connection, grid: Row, cells: readonly FiledCell[]): void {
  const free = connection.prepare('SELECT 1 FROM grids WHERE grid = ?').get(grid.grid!) === undefined;
  insert(connection, 'grids', free ? grid : without(grid, 'grid'));
  const { grid: number } = connection.prepare('SELECT grid FROM grids WHERE name = ?').get(grid.name!) as {
    grid: number;
  };
  for (const { cellId, position, present, labels, ...filed } of cells)
    insert(connection, 'grid_cells', {
      grid: number,
      cell: restoreSettings(connection, cellId, filed),
      position,
      present: present ? 1 : 0,
      labels: JSON.stringify(labels),
    });
}

/** The number of a cell that has its settings, and no results yet. */
export function restoreSettings(
  connection: Connection,
  cellId: string,
  { cell = 0, spec }: Partial<FiledCell> & Pick<FiledCell, 'spec'>,
): number {
  const numberOf = connection.prepare('SELECT cell FROM cells WHERE cell_id = ?');
  const known = numberOf.get(cellId) as { cell: number } | undefined;
  if (known !== undefined) return known.cell;
  const row = {
    cell_id: cellId,
    family: familyOf(spec),
    epochs_asked: spec.train.epochs,
    ...objectiveColumns(spec),
  };
  const free = connection.prepare('SELECT 1 FROM cells WHERE cell = ?').get(cell) === undefined;
  insert(connection, 'cells', free && cell > 0 ? { cell, ...row } : row);
  const { cell: number } = numberOf.get(cellId) as { cell: number };
  insert(connection, 'specs', { cell: number, spec: JSON.stringify(spec) });
  return number;
}

/** A run that was under way: nobody has its lease here. */
const underWay = new Set<SqlValue>(statesBefore('interrupted', 'store'));
const ended = { state: 'interrupted', ref: null };

/** Runs, epochs and notes of a cell that has its settings. The caller brings its results in short up to date. */
export function restoreHistory(
  connection: Connection,
  metrics: MetricTable,
  cellId: string,
  history: CellHistory,
): void {
  const { cell } = connection.prepare('SELECT cell FROM cells WHERE cell_id = ?').get(cellId) as {
    cell: number;
  };
  for (const { run, inputs, warnings } of history.runs) {
    const state = inputs === undefined ? undefined : [inputs.folder, JSON.stringify(inputs.files)];
    if (state !== undefined)
      connection.prepare('INSERT OR IGNORE INTO inputs (folder, files) VALUES (?, ?)').run(...state);
    insert(connection, 'runs', { ...(underWay.has(run.state!) ? { ...run, ...ended } : run), cell });
    if (state !== undefined)
      connection
        .prepare(
          `UPDATE runs SET input = (SELECT input FROM inputs WHERE folder = ?1 AND files = ?2)
           WHERE cell = ?3 AND attempt = ?4`,
        )
        .run(...state, cell, run.attempt!);
    for (const { text, count } of warnings)
      connection
        .prepare(
          'INSERT INTO run_warnings (run, text, count) SELECT run, ?, ? FROM runs WHERE cell = ? AND attempt = ?',
        )
        .run(text, count, cell, run.attempt!);
  }
  for (const epoch of history.epochs) metrics.writeEpoch(cell, epoch);
  restoreNotes(connection, cell, history.notes);
  const last = Number(history.runs.at(-1)?.run.attempt ?? 0) || null;
  const {
    lastRun,
    trainedRun,
    validationImages,
    stale,
    held = null,
    priority = 0,
    rung = null,
  } = history.cell ?? {
    ...{ lastRun: last, trainedRun: last, validationImages: null, stale: null, held: null, priority: 0 },
  };
  connection
    .prepare(
      `UPDATE cells SET last_run = (SELECT run FROM runs WHERE cell = ?1 AND attempt = ?2), stale = ?5, held = ?6, priority = ?7, rung = ?8,
         trained_run = (SELECT run FROM runs WHERE cell = ?1 AND attempt = ?3), validation_images = ?4
       WHERE cell = ?1`,
    )
    .run(cell, lastRun, trainedRun, validationImages, stale, held, priority, rung);
}

export function restoreNotes(connection: Connection, cell: number, notes: readonly Row[]): void {
  for (const note of notes) {
    const free = connection.prepare('SELECT 1 FROM notes WHERE note = ?').get(note.note!) === undefined;
    insert(connection, 'notes', { ...(free ? note : without(note, 'note')), cell });
  }
}

/** Inserts a row; columns that this version doesn't have are left out. */
function insert(connection: Connection, table: string, row: Row): void {
  const known = (connection.prepare(`PRAGMA table_info(${table})`).all() as { name: string }[]).map(
    ({ name }) => name,
  );
  const columns = Object.keys(row).filter(column => known.includes(column));
  const values = columns.map((column): SqlValue => row[column]!);
  connection
    .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`)
    .run(...values);
}

const without = (row: Row, column: string): Row =>
  Object.fromEntries(Object.entries(row).filter(([name]) => name !== column));
