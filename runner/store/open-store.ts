import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { settleLeases } from './lease-holders.js';
import { readerPatienceMs, refuseDuringRebuild, settleHolders } from './lock-holders.js';
import { ResultsPaths } from './run-paths.js';
import type { StoreReader, StoreWriter } from './run-store.js';
import { Connection } from './sqlite/connection.js';
import type { Owner } from './sqlite/leases.js';
import type { WriterOptions } from './sqlite/run-writer.js';
import { checkVersion, migrate } from './sqlite/schema.js';
import { defaultDriver, type SqliteDriver } from './sqlite/sqlite.js';
import { SqliteReader } from './sqlite/store-reader.js';
import type { SqliteWriter } from './sqlite/store-writer.js';
import { asStoreError, StoreError } from './store-error.js';

/** Loaded by who writes alone: views, which wait for each file that is loaded, are asked for more often. */
const loadWriter = () => import('./sqlite/store-writer.js');
const loadCarryOver = () => import('./carry-over.js');

/** How long a call waits for another process's transaction. */
const busyTimeoutMs = 10_000;

export interface StoreOptions {
  readOnly?: boolean;
  /** Told what has to be watched: runners of other machines, to know whether what they run is still running. */
  onWait?: (words: string) => void;
  /** For tests; by default the one that fits this Node. */
  driver?: SqliteDriver;
  /** Whose the leases of its runs are; left out: this process's. */
  owner?: Owner | undefined;
}

/**
 * Opens the store of a results folder. A writer makes folder and store where they are missing, and marks runs
 * of processes that are gone as interrupted. A reader of a folder without a store sees an empty one, and
 * writes nothing; one of an older store brings it up to date first, in a copy where it can't be written.
 *
 * @throws StoreError `corrupt`, `notWritable`, `diskFull`, `newerVersion`, `unusable`.
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
  { readOnly = false, driver, onWait, owner }: StoreOptions = {},
): Promise<StoreReader | StoreWriter> {
  const paths = new ResultsPaths(resultsDir);
  const sqlite = driver ?? (await defaultDriver());
  const waiting = readOnly ? { onWait, patienceMs: readerPatienceMs } : { onWait };
  try {
    await settleHolders(paths, waiting);
    if (!readOnly) refuseDuringRebuild(paths);
    if (!readOnly) return await openWriter(paths, paths.store, sqlite, { owner }, onWait);
    const store = await openReader(paths, sqlite);
    await store.settle(waiting);
    return store;
  } catch (error) {
    throw asStoreError(error, paths.store);
  }
}

/** Opens another file than the results folder's own as its store, for writing; the folders' records stay as they are. */
export async function openStoreFile(paths: ResultsPaths, file: string): Promise<SqliteWriter> {
  return openWriter(paths, file, await defaultDriver(), { keepsRecords: false });
}

/** Opens the store of a results folder for whoever keeps runners away from it (see without-runners.ts). */
export const openAlone = async (paths: ResultsPaths): Promise<SqliteWriter> =>
  openWriter(paths, paths.store, await defaultDriver(), {});

/** Reads the store of another results folder. @throws as `openStore` */
export async function openOther(paths: ResultsPaths): Promise<SqliteReader> {
  try {
    return await openReader(paths, await defaultDriver());
  } catch (error) {
    throw asStoreError(error, paths.store);
  }
}

async function openWriter(
  paths: ResultsPaths,
  file: string,
  { DatabaseSync }: SqliteDriver,
  options: WriterOptions,
  onWait?: (words: string) => void,
): Promise<SqliteWriter> {
  const { SqliteWriter } = await loadWriter();
  mkdirSync(paths.root, { recursive: true });
  const database = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 4000');
    // SQLite opens what it can't write without a word: try.
    database.exec('BEGIN IMMEDIATE; PRAGMA application_id = 0; ROLLBACK');
    migrate(database, file);
    const connection = new Connection(database, file);
    await settleLeases(connection, { onWait });
    const writer = new SqliteWriter(connection, paths, options);
    if (options.keepsRecords !== false) (await loadCarryOver()).carryOver(connection, paths);
    return writer;
  } catch (error) {
    database.close();
    throw error;
  }
}

async function openReader(paths: ResultsPaths, driver: SqliteDriver): Promise<SqliteReader> {
  const { DatabaseSync } = driver;
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
  const openAnywhere = (work: (path: string) => SqliteReader): SqliteReader => {
    try {
      return work(paths.store);
    } catch (error) {
      if (isOlder(error) || !isCleanlyClosed(paths.store)) throw error;
      // In a read-only folder SQLite can't make the files that it shares with a writer; without a writer it needs none.
      return work(`${pathToFileURL(paths.store).href}?immutable=1`);
    }
  };
  try {
    return openAnywhere(open);
  } catch (error) {
    if (!isOlder(error)) throw error;
  }
  const { carryOver } = await loadCarryOver();
  try {
    const database = new DatabaseSync(paths.store, { timeout: busyTimeoutMs });
    try {
      migrate(database, paths.store);
      carryOver(new Connection(database, paths.store), paths);
    } finally {
      database.close();
    }
    return open(paths.store);
  } catch {
    // It can't be brought up to date where it lies: a copy can.
    return openAnywhere(path => openCopy(paths, path, driver));
  }
}

const isOlder = (error: unknown) => error instanceof StoreError && error.problem === 'olderVersion';

/** A copy of an older store, brought up to date; it is gone when it is closed. */
function openCopy(paths: ResultsPaths, store: string, { DatabaseSync }: SqliteDriver): SqliteReader {
  const folder = mkdtempSync(join(tmpdir(), 'gridfarm-store-'));
  try {
    const copy = join(folder, 'store.db');
    const source = new DatabaseSync(store, { readOnly: true, timeout: busyTimeoutMs });
    try {
      source.exec(`VACUUM INTO '${copy.replaceAll("'", "''")}'`);
    } finally {
      source.close();
    }
    const database = new DatabaseSync(copy);
    migrate(database, paths.store);
    return new SqliteReader(new Connection(database, paths.store), paths, () =>
      rmSync(folder, { recursive: true, force: true }),
    );
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Whether all that was written is in the file itself, and nothing in a write-ahead log. */
function isCleanlyClosed(store: string): boolean {
  return (statSync(`${store}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;
}
