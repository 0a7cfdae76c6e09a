/** SQLite through Node's `DatabaseSync` interface, whoever provides it. */

export type SqlValue = string | number | null;

export interface Statement {
  run(...parameters: SqlValue[]): { changes: number | bigint; lastInsertRowid: number | bigint };
  get(...parameters: SqlValue[]): unknown;
  all(...parameters: SqlValue[]): unknown[];
  iterate(...parameters: SqlValue[]): IterableIterator<unknown>;
}

/** The part of `DatabaseSync` that is used here. */
export interface Database {
  exec(sql: string): void;
  prepare(sql: string): Statement;
  close(): void;
}

interface OpenOptions {
  readOnly?: boolean;
  /** Milliseconds to wait for another process's transaction. */
  timeout?: number;
}

export interface SqliteDriver {
  DatabaseSync: new (path: string, options?: OpenOptions) => Database;
}

/** `node:sqlite` is Node's own, from Node 22; the package has the same interface and brings its binary along. */
export const driverNames = ['node:sqlite', '@photostructure/sqlite'] as const;
export type DriverName = (typeof driverNames)[number];

/** @throws where this Node doesn't have the driver. */
export async function loadDriver(name: DriverName): Promise<SqliteDriver> {
  // Node warns that its SQLite is experimental, on every start; who runs a command can do nothing about that.
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!/SQLite is an experimental/.test(String(warning)))
      Reflect.apply(emitWarning, process, [warning, ...rest]);
  };
  try {
    return (await import(name)) as SqliteDriver;
  } finally {
    process.emitWarning = emitWarning;
  }
}

let loaded: Promise<SqliteDriver> | undefined;

/** The driver for this Node: its own where it has one that needs no flag. */
export function defaultDriver(): Promise<SqliteDriver> {
  loaded ??= loadDriver('node:sqlite').catch(() => loadDriver('@photostructure/sqlite'));
  return loaded;
}

/** Runs `work` in one transaction that takes the write lock at once: all of it is stored, or nothing. */
export function transaction<T>(database: Database, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {
      // SQLite has rolled back on its own (full disk, I/O error): the first error says why.
    }
    throw error;
  }
}
