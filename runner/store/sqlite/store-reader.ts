import type { EpochRecord } from '../../../trainer/contract/events.js';
import { isConfirmation } from '../../domain/confirmation.js';
import type { RunTotals } from '../../domain/live.js';
import { type RunState, runStates } from '../../domain/run-state.js';
import type {
  BestCell,
  CellWarning,
  Curve,
  EpochRow,
  GridRecord,
  Labels,
  MeasuredMemory,
  NotableCell,
  Standing,
  StoredNote,
  StoredResult,
  StoredRun,
} from '../../domain/stored.js';
import { deadRuns, settleLeases } from '../lease-holders.js';
import { readerPatienceMs } from '../lock-holders.js';
import type { ResultsPaths } from '../run-paths.js';
import type { StoreReader } from '../run-store.js';
import { asStoreError, StoreError } from '../store-error.js';
import { bestCell } from './best-cell.js';
import { cellsByObjective } from './by-objective.js';
import { runStateColumn, stateColumn } from './cell-state.js';
import type { Connection } from './connection.js';
import { curves } from './curves.js';
import { epochRows, epochsOf } from './epoch-rows.js';
import { medianEpochSeconds } from './epoch-times.js';
import { gridFilesOf } from './grid-files-of.js';
import { LiveReader } from './live-reader.js';
import { measuredMemory } from './measured-memory.js';
import { notableCells } from './notable-cells.js';
import {
  type GridRow,
  gridColumns,
  joinRuns,
  type ResultRow,
  type RunRow,
  resultColumns,
  toGrid,
  toResult,
  toRun,
} from './rows.js';
import { runTotals } from './run-totals.js';
import { Shipped } from './shipped.js';
import type { SqlValue } from './sqlite.js';
import { standings } from './standings.js';

/** Of an ambiguous prefix. */
const listedMatches = 8;

export class SqliteReader extends LiveReader implements StoreReader {
  /** While a snapshot is under way: `deadRuns` at its beginning, since a process may end within it. */
  #deadNow: string | undefined;

  constructor(
    connection: Connection,
    paths: ResultsPaths,
    private readonly onClose: () => void = () => {},
  ) {
    super(connection, paths);
  }

  snapshot<T>(work: () => T): T {
    if (this.#deadNow !== undefined) return work();
    return this.connection.snapshot(() => {
      this.#deadNow = this.deadRuns();
      try {
        return work();
      } finally {
        this.#deadNow = undefined;
      }
    });
  }

  /** For another results folder, to which it is brought. */
  get shipped(): Shipped {
    return new Shipped(this.connection);
  }

  grids(): GridRecord[] {
    return this.query<GridRow>(`SELECT ${gridColumns} FROM grids ORDER BY name`).map(toGrid);
  }

  grid(name?: string): GridRecord {
    const grids = this.grids();
    // Fresh seeds of a grid are no other grid to choose from.
    const found = grids.filter(grid =>
      name === undefined ? !isConfirmation(grid.name) : grid.name === name,
    );
    if (found.length === 1) return found[0]!;
    const { path } = this.connection;
    if (grids.length === 0)
      throw new StoreError('unknownGrid', `${path}: no results yet; \`grid run FILE\` makes some`);
    const names = grids.map(grid => grid.name).join(', ');
    const problem =
      name === undefined
        ? `there are results of several grids, choose one with --grid NAME: ${names}`
        : `no grid named ${name} in ${path}; there are: ${names}`;
    throw new StoreError('unknownGrid', problem);
  }

  storedCells(grid: string): StoredResult[] {
    return this.query<ResultRow>(
      `SELECT ${resultColumns}, g.labels, g.present
       FROM grid_cells g JOIN ${this.connection.guard(() => cellsByObjective(this.connection, grid))} c USING (cell) ${joinRuns}
       WHERE g.grid = (SELECT grid FROM grids WHERE name = ?)
       ORDER BY g.present DESC, g.position`,
      this.deadRuns(),
      grid,
    ).map(toResult);
  }

  cellsById(cellIds: readonly string[]): Map<string, StoredResult> {
    const rows = this.query<ResultRow>(
      `SELECT ${resultColumns}, '{}' AS labels, 1 AS present
       FROM json_each(?) wanted JOIN cells c ON c.cell_id = wanted.value ${joinRuns}`,
      this.deadRuns(),
      JSON.stringify(cellIds),
    );
    return new Map(rows.map(row => [row.cell_id, toResult(row)]));
  }

  findCell(prefix: string): StoredResult {
    const matches = this.cellIdsFrom(prefix, listedMatches + 1);
    const exact = matches.find(match => match === prefix) ?? (matches.length === 1 ? matches[0] : undefined);
    if (exact !== undefined) return this.cellsById([exact]).get(exact)!;
    if (matches.length === 0)
      throw new StoreError(
        'unknownCell',
        `no cell whose id starts with "${prefix}" in ${this.connection.path}`,
      );
    const more = matches.length > listedMatches ? ', …' : '';
    throw new StoreError(
      'ambiguousCell',
      `several cells' ids start with "${prefix}": ${matches.slice(0, listedMatches).join(', ')}${more}; give more digits`,
    );
  }

  cellsFrom(prefix: string, limit: number): { cellId: string; state: RunState }[] {
    const found = this.cellIdsFrom(prefix, limit);
    const cells = this.cellsById(found);
    return found.map(cellId => ({ cellId, state: cells.get(cellId)!.state }));
  }

  private cellIdsFrom(prefix: string, limit: number): string[] {
    // A range instead of LIKE: it uses the index and knows no wildcards.
    return this.query<{ cell_id: string }>(
      `SELECT cell_id FROM cells WHERE cell_id >= ?1 AND cell_id < ?1 || char(0x10ffff) ORDER BY cell_id LIMIT ?2`,
      prefix,
      limit,
    ).map(row => row.cell_id);
  }

  runsOf(cellId: string): StoredRun[] {
    return this.query<RunRow>(
      `SELECT r.*, ${runStateColumn} AS state,
         (SELECT json_group_array(json_object('text', text, 'count', count))
          FROM (SELECT text, count FROM run_warnings w WHERE w.run = r.run ORDER BY warning)) AS first_warnings
       FROM runs r
       WHERE cell = (SELECT cell FROM cells WHERE cell_id = ?) ORDER BY attempt`,
      this.deadRuns(),
      cellId,
    ).map(toRun);
  }

  metricsOf(cellId: string): EpochRecord[] {
    return this.connection.guard(() => epochsOf(this.connection, cellId));
  }

  curves(cellIds: readonly string[], metrics: readonly string[]): Curve[] {
    return this.connection.guard(() => curves(this.connection, cellIds, metrics));
  }

  medianEpochSeconds(cellIds: readonly string[]): Map<string, number> {
    return this.connection.guard(() => medianEpochSeconds(this.connection, cellIds));
  }

  warningsOf(grid: string): CellWarning[] {
    return this.query<{ cell_id: string; labels: string; text: string; count: number }>(
      `SELECT c.cell_id, g.labels, w.text, w.count
       FROM run_warnings w CROSS JOIN runs r USING (run) CROSS JOIN cells c ON c.cell = r.cell AND c.last_run = w.run
       CROSS JOIN grid_cells g ON g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.cell = c.cell AND g.present
       ORDER BY g.position, w.warning`,
      grid,
    ).map(({ cell_id, labels, text, count }) => ({
      cellId: cell_id,
      labels: JSON.parse(labels) as Labels,
      text,
      count,
    }));
  }

  notesOf(cellId: string): StoredNote[] {
    return this.query<{ attempt: number | null; time_ms: number; text: string }>(
      'SELECT attempt, time_ms, text FROM notes WHERE cell = (SELECT cell FROM cells WHERE cell_id = ?) ORDER BY note',
      cellId,
    ).map(({ attempt, time_ms, text }) => ({ attempt, timeMs: time_ms, text }));
  }

  latestNotes(grid: string): Map<string, string> {
    const rows = this.query<{ cell_id: string; text: string }>(
      `SELECT c.cell_id, n.text FROM notes n JOIN cells c USING (cell) JOIN grid_cells g USING (cell)
       WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) ORDER BY n.note`,
      grid,
    );
    const latest = new Map(rows.map(row => [row.cell_id, row.text]));
    return new Map([...latest].filter(([, text]) => text !== ''));
  }

  gridsOf(cellId: string): { grid: string; labels: Labels }[] {
    return this.query<{ grid: string; labels: string }>(
      `SELECT grids.name AS grid, g.labels FROM grids CROSS JOIN grid_cells g
       ON g.grid = grids.grid AND g.cell = (SELECT cell FROM cells WHERE cell_id = ?) ORDER BY grids.name`,
      cellId,
    ).map(({ grid, labels }) => ({ grid, labels: JSON.parse(labels) as Labels }));
  }

  gridFilesOf(cellIds: readonly string[]): Map<string, string[]> {
    return this.connection.guard(() => gridFilesOf(this.connection, cellIds));
  }

  countsByState(grid: string): Record<RunState, number> {
    const rows = this.query<{ state: RunState; cells: number }>(
      `SELECT ${stateColumn} AS state, count(*) AS cells
       FROM grid_cells g JOIN cells c USING (cell) LEFT JOIN runs r ON r.run = c.last_run
       WHERE g.grid = (SELECT grid FROM grids WHERE name = ?) AND g.present GROUP BY 1`,
      this.deadRuns(),
      grid,
    );
    const counts = Object.fromEntries(runStates.map(state => [state, 0])) as Record<RunState, number>;
    for (const { state, cells } of rows) counts[state] = cells;
    return counts;
  }

  notableCells(grid: string): NotableCell[] {
    return this.connection.guard(() => notableCells(this.connection, this.deadRuns(), grid));
  }

  runTotals(grid: string, sinceMs: number): RunTotals {
    return this.connection.guard(() => runTotals(this.connection, this.deadRuns(), grid, sinceMs));
  }

  measuredMemory(cellIds: readonly string[]): MeasuredMemory[] {
    return this.connection.guard(() => measuredMemory(this.connection, cellIds));
  }

  bestCell(grid: string): BestCell | null {
    return this.connection.guard(() => bestCell(this.connection, grid));
  }

  standings(grid: string): Standing[] {
    return this.connection.guard(() => standings(this.connection, this.deadRuns(), grid));
  }

  columns(grid?: string): { axes: string[]; metrics: string[] } {
    const names = (rows: { name: string }[]) => rows.map(({ name }) => name);
    return {
      axes: names(
        this.query(
          `SELECT DISTINCT j.key AS name FROM grids JOIN grid_cells g USING (grid), json_each(g.labels) j
           WHERE grids.name = coalesce(?, grids.name)`,
          grid ?? null,
        ),
      ),
      // A look at each cell's last epoch: all epochs would be a scan of all metrics.
      metrics: names(
        this.query(
          `SELECT name FROM metric_names JOIN (
             SELECT DISTINCT m.metric FROM grids CROSS JOIN grid_cells g USING (grid) CROSS JOIN cells c USING (cell)
             CROSS JOIN metrics m ON m.cell = c.cell AND m.epoch = c.epochs WHERE grids.name = coalesce(?, grids.name)
           ) USING (metric) ORDER BY metric`,
          grid ?? null,
        ),
      ),
    };
  }

  *epochRows(grid?: string): IterableIterator<EpochRow> {
    try {
      yield* epochRows(this.connection, this.deadRuns(), grid);
    } catch (error) {
      throw asStoreError(error, this.connection.path);
    }
  }

  /** Watches owners of leases that can't be looked for, until it is known whether they are there. */
  settle(options: Parameters<typeof settleLeases>[1]): Promise<void> {
    return settleLeases(this.connection, options);
  }

  changeCounter(): number {
    return this.query<{ data_version: number }>('PRAGMA data_version')[0]!.data_version;
  }

  close(): void {
    this.connection.close();
    this.onClose();
  }

  /** For `stateColumn`. */
  private deadRuns(): string {
    if (this.#deadNow !== undefined) return this.#deadNow;
    return this.connection.guard(() => JSON.stringify(deadRuns(this.connection, readerPatienceMs)));
  }

  private query<Row>(sql: string, ...parameters: SqlValue[]): Row[] {
    return this.connection.guard(() => this.connection.prepare(sql).all(...parameters) as Row[]);
  }
}
