import { asStoreError } from '../store-error.js';
import type { Database, Statement } from './sqlite.js';
import { transaction } from './sqlite.js';

/** A database with its prepared statements kept, and its errors worded. */
export class Connection {
  readonly #statements = new Map<string, Statement>();

  constructor(
    readonly database: Database,
    readonly path: string,
  ) {}

  prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  /** @throws StoreError for what SQLite throws. */
  guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw asStoreError(error, this.path);
    }
  }

  /** Runs `work`, which only reads, in one transaction: all of it sees one state. */
  snapshot<T>(work: () => T): T {
    this.guard(() => this.database.exec('BEGIN DEFERRED'));
    try {
      return work();
    } finally {
      this.guard(() => this.database.exec('COMMIT'));
    }
  }

  /** Runs `work` in one transaction. @throws StoreError for what SQLite throws; then nothing of it is stored. */
  write<T>(work: () => T): T {
    return this.guard(() => transaction(this.database, work));
  }

  close(): void {
    this.#statements.clear();
    this.database.close();
  }
}
