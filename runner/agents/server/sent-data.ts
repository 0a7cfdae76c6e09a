import { existsSync, readFileSync } from 'node:fs';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import { fittingJson } from '../../../trainer/files/checked-json.js';
import type { SlotRun } from '../../trainer-client/trainer-run.js';
import { DataSource } from '../data/data-source.js';

const text = { type: 'string' };
const pairs = { type: 'array', items: { type: 'array', items: text, minItems: 2, maxItems: 2 } };

/** Data sets that go out to agents which haven't them: each is read once, when the first run needs it. */
export class SentData {
  readonly #sources = new Map<string, Promise<DataSource>>();
  /** By data, from earlier runs too: it only says where they may be. */
  readonly #known: Map<string, string>;
  readonly #byHash = new Map<string, DataSource>();

  /** `file`: absolute, where it is kept which data were sent as which. */
  constructor(
    private readonly file: string,
    private readonly writeFile: (path: string, content: string) => void,
  ) {
    const kept = existsSync(file) ? fittingJson<[string, string][]>(readFileSync(file, 'utf8'), pairs) : [];
    this.#known = new Map(kept);
  }

  knownHash(data: DataSpec): string | undefined {
    return this.#known.get(JSON.stringify(data));
  }

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
    if (this.#known.get(key) !== found.hash) {
      this.#known.set(key, found.hash);
      this.writeFile(this.file, JSON.stringify([...this.#known]));
    }
    return found.hash;
  }

  find(hash: string): DataSource | undefined {
    return this.#byHash.get(hash);
  }
}
