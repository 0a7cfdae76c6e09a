/** Warnings of runs: how many there were, and the first few different ones. */
import type { Connection } from './connection.js';
import type { SqlValue } from './sqlite.js';

/** Different warnings that are kept of a run; all are counted, and stand in the cell's log. */
const keptWarnings = 10;
/** Characters of a warning that are kept. */
const keptCharacters = 2000;

interface Told {
  /** Times each kept one was told, those included that aren't written yet. */
  kept: Map<string, number>;
  total: number;
}

/** Writes warnings; within a transaction of the caller. A warning that is told again and again is written when the run ends. */
export class WarningTable {
  readonly #told = new Map<string, Told>();

  constructor(private readonly connection: Connection) {}

  /** Counts a warning of a run; true: it is one to be written at once. */
  take(run: string, message: string): boolean {
    const text = message.slice(0, keptCharacters);
    const told = this.#told.get(run) ?? { kept: new Map<string, number>(), total: 0 };
    this.#told.set(run, told);
    told.total++;
    const times = told.kept.get(text) ?? 0;
    if (times > 0 || told.kept.size < keptWarnings) told.kept.set(text, times + 1);
    return times === 0 && told.kept.has(text);
  }

  /** `cell` and `attempt`: of the run `run`. */
  write(run: string, cell: number, attempt: number): void {
    const told = this.#told.get(run);
    if (told === undefined) return;
    const where: SqlValue[] = [cell, attempt];
    this.connection
      .prepare('UPDATE runs SET warnings = ? WHERE cell = ? AND attempt = ?')
      .run(told.total, ...where);
    const upsert = this.connection.prepare(
      `INSERT INTO run_warnings (run, text, count) SELECT run, ?, ? FROM runs WHERE cell = ? AND attempt = ?
       ON CONFLICT (run, text) DO UPDATE SET count = excluded.count`,
    );
    for (const [text, count] of told.kept) upsert.run(text, count, ...where);
  }

  forget(run: string): void {
    this.#told.delete(run);
  }
}
