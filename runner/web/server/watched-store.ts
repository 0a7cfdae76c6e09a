import { latest } from '../../readings/latest.js';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { StoreReader } from '../../store/run-store.js';
import { storeVersion } from '../../store/store-file.js';
import type { ChangesTold, Numbered } from '../wire.js';

const pollMs = 250;
/** More changes, or cells, than these are told as "any". */
const mostChanges = 5000;
const mostCells = 200;

/** The store of a results folder for as long as the server is there, whichever file that is: there may be none at first. */
export class WatchedStore {
  readonly paths: ResultsPaths;
  #readings = new Map<string, () => unknown>();
  #store: StoreReader;
  #version: string;
  #isOpening = false;
  readonly #listeners = new Set<() => void>();
  readonly #timer: NodeJS.Timeout;
  #counter = -1;

  private constructor(paths: ResultsPaths, store: StoreReader, version: string) {
    this.paths = paths;
    this.#store = store;
    this.#version = version;
    this.#timer = setInterval(() => void this.#look(), pollMs);
  }

  /** @throws StoreError as `openStore` */
  static async open(results: string): Promise<WatchedStore> {
    const paths = new ResultsPaths(results);
    const version = storeVersion(paths.store);
    return new WatchedStore(paths, await openStore(results, { readOnly: true }), version);
  }

  get reader(): StoreReader {
    return this.#store;
  }

  /** One state of the store, with the number of its newest change. */
  read<T extends object>(work: (store: StoreReader) => T): T & Numbered {
    const store = this.#store;
    return store.snapshot(() => ({ ...work(store), at: store.lastChange() }));
  }

  /** The same of what takes its time: it is kept, and made anew once the store has changed, though not all the time. */
  kept<T extends object>(key: string, work: (store: StoreReader) => T): T & Numbered {
    let reading = this.#readings.get(key) as (() => T & Numbered) | undefined;
    if (reading === undefined) {
      reading = latest(this.#store, () => this.read(work));
      this.#readings.set(key, reading);
    }
    return reading();
  }

  /** Where a stream of changes is: which file, and the number. */
  get position(): string {
    return this.#positionAt(this.#store.lastChange());
  }

  /** What has changed since; `position`: where to go on. Null: nothing has. */
  since(position: string): { position: string; told: ChangesTold } | null {
    const [version, text] = position.split('.');
    const isSame = version === this.file;
    const number = isSame && /^\d{1,15}$/.test(text ?? '') ? Number(text) : -1;
    const found =
      number < 0
        ? { isWhole: false, changes: [], last: this.#store.lastChange() }
        : this.#store.changesSince(number, mostChanges);
    if (found.isWhole && found.changes.length === 0) return null;
    const cells = new Set(found.changes.flatMap(({ cellId }) => cellId ?? []));
    const isMany = found.changes.length === mostChanges || cells.size > mostCells;
    return {
      position: this.#positionAt(found.last),
      told: { isWhole: found.isWhole, at: found.last, cells: isMany ? null : [...cells] },
    };
  }

  /** Calls back whenever something may have changed; returns what ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    clearInterval(this.#timer);
    this.#store.close();
  }

  /** Which file that is: the same after a restart of the server, and while it is written to. */
  get file(): string {
    return this.#version.split(' ')[0]!;
  }

  #positionAt(number: number): string {
    return `${this.file}.${number}`;
  }

  async #look(): Promise<void> {
    if (this.#isOpening) return;
    try {
      const version = storeVersion(this.paths.store);
      if (version !== this.#version) await this.#reopen(version);
      const counter = this.#store.changeCounter();
      if (counter === this.#counter) return;
      this.#counter = counter;
    } catch {
      // In the middle of being replaced, or locked for too long: at the next look.
      return;
    }
    for (const listener of this.#listeners) listener();
  }

  async #reopen(version: string): Promise<void> {
    this.#isOpening = true;
    try {
      const store = await openStore(this.paths.root, { readOnly: true });
      this.#store.close();
      this.#store = store;
      this.#readings = new Map();
      this.#version = version;
      this.#counter = -1;
    } finally {
      this.#isOpening = false;
    }
  }
}
