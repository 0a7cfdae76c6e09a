import { existsSync, mkdirSync, statSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { Connection } from './connection.js';
import { ResultsPaths } from './run-paths.js';
import type { StoreReader, StoreWriter } from './run-store.js';
import { checkVersion, migrate } from './schema.js';
import { defaultDriver, type SqliteDriver } from './sqlite.js';
import { asStoreError, StoreError } from './store-error.js';
import { SqliteReader } from './store-reader.js';
import { SqliteWriter } from './store-writer.js';

/** How long a call waits for another process's transaction. */
const busyTimeoutMs = 10_000;

export interface StoreOptions {
  readOnly?: boolean;
  /** For tests; by default the one that fits this Node. */
  driver?: SqliteDriver;
}

/**
 * Opens the store of a results folder. A writer makes folder and store where they are missing, and marks runs
 * of processes that are gone as interrupted. A reader of a folder without a store sees an empty one, and
 * writes nothing; a store of an older version is brought up to date first, by either.
 *
 * @throws StoreError `corrupt`, `notWritable`, `diskFull`, `newerVersion`, `olderVersion`, `unusable`.
 */
export function openStore(
  resultsDir: string,
  options: StoreOptions & { readOnly: true },
): Promise<StoreReader>;
export function openStore(
  resultsDir: string,
  options?: StoreOptions & { readOnly?: false },
): Promise<StoreWriter>;
export async function openStore(
  resultsDir: string,
  { readOnly = false, driver }: StoreOptions = {},
): Promise<StoreReader | StoreWriter> {
  const paths = new ResultsPaths(resultsDir);
  const sqlite = driver ?? (await defaultDriver());
  try {
    return readOnly ? openReader(paths, sqlite) : openWriter(paths, paths.store, sqlite);
  } catch (error) {
    throw asStoreError(error, paths.store);
  }
}

/** Opens another file than the results folder's own as its store, for writing. */
export async function openStoreFile(paths: ResultsPaths, file: string): Promise<StoreWriter> {
  return openWriter(paths, file, await defaultDriver());
}

function openWriter(paths: ResultsPaths, file: string, { DatabaseSync }: SqliteDriver): StoreWriter {
  mkdirSync(paths.root, { recursive: true });
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    // SQLite opens what it can't write without a word: try.
    database.exec('BEGIN IMMEDIATE; PRAGMA application_id = 0; ROLLBACK');
    migrate(database, file);
    return new SqliteWriter(new Connection(database, file), paths);
  } catch (error) {
    database.close();
    throw error;
  }
}

function openReader(paths: ResultsPaths, { DatabaseSync }: SqliteDriver): StoreReader {
  if (!existsSync(paths.store)) {
    const empty = new DatabaseSync(':memory:');
    migrate(empty, paths.store);
    return new SqliteReader(new Connection(empty, paths.store), paths);
  }
  const open = (path: string) => {
    const database = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs });
    try {
      checkVersion(database, paths.store);
    } catch (error) {
      database.close();
      throw error;
    }
    return new SqliteReader(new Connection(database, paths.store), paths);
  };
  try {
    return open(paths.store);
  } catch (error) {
    if (error instanceof StoreError && error.problem === 'olderVersion') {
      bringUpToDate(paths.store, DatabaseSync, error);
      return open(paths.store);
    }
    if (!isCleanlyClosed(paths.store)) throw error;
    // In a read-only folder SQLite can't make the files that it shares with a writer; without a writer it needs none.
    return open(`${pathToFileURL(paths.store).href}?immutable=1`);
  }
}

/** @throws `older` where the file can't be written. */
function bringUpToDate(store: string, DatabaseSync: SqliteDriver['DatabaseSync'], older: StoreError): void {
  const database = new DatabaseSync(store, { timeout: busyTimeoutMs });
  try {
    migrate(database, store);
  } catch (error) {
    const known = asStoreError(error, store);
    throw known instanceof StoreError && known.problem === 'notWritable' ? older : error;
  } finally {
    database.close();
  }
}

/** Whether all that was written is in the file itself, and nothing in a write-ahead log. */
function isCleanlyClosed(store: string): boolean {
  return (statSync(`${store}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
}
