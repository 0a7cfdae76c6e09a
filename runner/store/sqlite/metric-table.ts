import type { EpochRecord } from '../../../trainer/contract/events.js';
import type { Connection } from './connection.js';
import type { Summary } from './summary.js';

/** Positive numbers below it are stored as 0 by one of the drivers, which takes them for whole ones. */
const leastBound = Number.EPSILON;

/** As a number is bound: as its text, which a column of numbers turns into the same one, where the driver would lose it. */
const bound = (value: number | null) =>
  value !== null && value > 0 && value < leastBound ? String(value) : value;

/** Metrics that one statement writes: a call of SQLite costs more than a row of it. */
const rowsTogether = 64;

const upserts = new Map<number, string>();

/** Of so many metrics of one epoch of a cell. */
function upsertOf(rows: number): string {
  let sql = upserts.get(rows);
  if (sql === undefined) {
    const values = Array.from({ length: rows }, (_, i) => `(?1, ?2, ?${2 * i + 3}, ?${2 * i + 4})`);
    sql = `INSERT INTO metrics VALUES ${values.join(', ')} ON CONFLICT DO UPDATE SET value = excluded.value`;
    upserts.set(rows, sql);
  }
  return sql;
}

/** Writes epochs, metrics and the cells' results in short; within a transaction of the caller. */
export class MetricTable {
  readonly #ids = new Map<string, number>();

  constructor(private readonly connection: Connection) {}

  /** The number of a metric's name, which is given one if it is new. */
  #idOf(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      this.connection.prepare('INSERT OR IGNORE INTO metric_names (name) VALUES (?)').run(name);
      const row = this.connection.prepare('SELECT metric FROM metric_names WHERE name = ?').get(name);
      id = (row as { metric: number }).metric;
      this.#ids.set(name, id);
    }
    return id;
  }

  /** Forgets numbers that a transaction gave and that were not stored. */
  forget(): void {
    this.#ids.clear();
  }

  writeEpoch(cell: number, { epoch, step, metrics }: EpochRecord): void {
    this.connection
      .prepare('INSERT INTO epochs VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET step = excluded.step')
      .run(cell, epoch, step);
    const values = Object.entries(metrics);
    for (let start = 0; start < values.length; start += rowsTogether) {
      const some = values.slice(start, start + rowsTogether);
      this.connection
        .prepare(upsertOf(some.length))
        .run(cell, epoch, ...some.flatMap(([name, value]) => [this.#idOf(name), bound(value)]));
    }
  }

  dropEpochsAfter(cell: number, epoch: number): void {
    this.connection.prepare('DELETE FROM epochs WHERE cell = ? AND epoch > ?').run(cell, epoch);
    this.connection.prepare('DELETE FROM metrics WHERE cell = ? AND epoch > ?').run(cell, epoch);
  }

  writeSummary(cell: number, summary: Readonly<Summary>): void {
    const { epochs, bestEpoch, value, lastValue, trainValue, seconds } = summary;
    this.connection
      .prepare(
        `UPDATE cells SET epochs = ?, best_epoch = ?, value = ?, last_value = ?, train_value = ?, seconds = ?
         WHERE cell = ?`,
      )
      .run(epochs, bestEpoch, ...[value, lastValue, trainValue].map(bound), seconds, cell);
  }
}
