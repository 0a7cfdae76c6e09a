import type { SlotRun } from '../../trainer-client/trainer-run.js';
import { DataSource } from '../data/data-source.js';

/** Data sets that go out to agents which haven't them: each is read once, when the first run needs it. */
export class SentData {
  readonly #sources = new Map<string, Promise<DataSource>>();
  readonly #byHash = new Map<string, DataSource>();

  /** Null: a program of the grid's own knows where its data are. Rejects as `DataSource.of`. */
  async hashFor({ spec }: SlotRun): Promise<string | null> {
    if (spec.trainer !== null) return null;
    const key = JSON.stringify(spec.data);
    const source = this.#sources.get(key) ?? DataSource.of(spec.data);
    this.#sources.set(key, source);
    // What can't be read now may be there for the next run.
    source.catch(() => this.#sources.delete(key));
    const found = await source;
    this.#byHash.set(found.hash, found);
    return found.hash;
  }

  find(hash: string): DataSource | undefined {
    return this.#byHash.get(hash);
  }
}
