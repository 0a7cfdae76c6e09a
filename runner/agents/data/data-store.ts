import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { syncFolder, temporaryName, writeDurably } from '../../../trainer/files/durable-file.js';
import { takeLock } from '../../../trainer/files/lock-file.js';
import { type KeptFile, KeptFiles, newestFirst } from './kept-files.js';
import { checkedManifest, type DataManifest, dataBytes } from './manifest.js';
import { PartialData } from './partial-data.js';

/** Where data comes from. */
export interface DataOrigin {
  /** The list of its files, as JSON that is parsed. */
  manifest(hash: string): Promise<unknown>;
  /** Its content from a byte on; it may break off at any place, and is asked for again then. */
  content(hash: string, from: number): Promise<AsyncIterable<Uint8Array>>;
}

/** So often in a row an origin may break off without having sent a byte. */
const mostEmptyAnswers = 5;

/** Data sets that came from elsewhere, each once, in a folder of its name: its hash. */
export class DataStore {
  readonly #coming = new Map<string, Promise<string>>();
  readonly #kept: KeptFiles;

  /** `folder`: absolute; processes may share it. `mostBytes`: what is used least goes before more comes. */
  constructor(
    private readonly folder: string,
    mostBytes = Number.POSITIVE_INFINITY,
  ) {
    this.#kept = new KeptFiles(mostBytes, () => this.#all());
  }

  /** What is there as a whole, what was used last first. */
  get held(): string[] {
    return this.#all().map(({ name }) => name);
  }

  #all(): KeptFile[] {
    if (!existsSync(this.folder)) return [];
    return newestFirst(
      readdirSync(this.folder).flatMap(file => {
        const name = /^([0-9a-f]{64})\.json$/.exec(file)?.[1];
        if (name === undefined) return [];
        const note = join(this.folder, file);
        const bytes = this.#bytesOf(name);
        return bytes === undefined ? [] : [{ name, note, bytes, remove: () => this.#remove(name) }];
      }),
    );
  }

  #bytesOf(hash: string): number | undefined {
    try {
      const text = readFileSync(join(this.folder, `${hash}.json`), 'utf8');
      return dataBytes(checkedManifest(JSON.parse(text), hash));
    } catch {
      return undefined;
    }
  }

  /** Its list first: what is left of it then isn't whole. */
  async #remove(hash: string): Promise<void> {
    await rm(join(this.folder, `${hash}.json`), { force: true });
    await rm(join(this.folder, hash), { recursive: true, force: true });
  }

  /**
   * The folder of a data set, for a run's `data.root`; it is fetched if it isn't there, from where an earlier attempt ended. Rejects
   * if what comes isn't what its hash says, with the file system's errors, and with those of the origin.
   */
  get(hash: string, origin: DataOrigin, signal: AbortSignal): Promise<string> {
    const coming = this.#coming.get(hash) ?? this.#fetch(hash, origin, signal);
    this.#coming.set(hash, coming);
    const done = () => this.#coming.delete(hash);
    coming.then(done, done);
    return coming;
  }

  async #fetch(hash: string, origin: DataOrigin, signal: AbortSignal): Promise<string> {
    const whole = join(this.folder, hash);
    const note = `${whole}.json`;
    if (this.#isWhole(hash)) {
      this.#kept.use(note);
      return whole;
    }
    mkdirSync(this.folder, { recursive: true });
    const lock = await takeLock(`${whole}.lock`, { patienceMs: 2 ** 31, isOver: () => signal.aborted });
    try {
      // Another process may have fetched it in the meantime.
      if (this.#isWhole(hash)) return whole;
      const manifest = checkedManifest(await origin.manifest(hash), hash);
      await this.#kept.makeRoom(dataBytes(manifest));
      const part = await PartialData.open(`${whole}.part`, manifest);
      try {
        await this.#fill(part, hash, manifest, origin, signal);
      } finally {
        await part.close();
      }
      await this.#keep(hash, manifest);
      this.#kept.use(note);
      return whole;
    } finally {
      lock.release();
    }
  }

  async #fill(
    part: PartialData,
    hash: string,
    manifest: DataManifest,
    origin: DataOrigin,
    signal: AbortSignal,
  ): Promise<void> {
    const total = dataBytes(manifest);
    for (let empty = 0; part.bytes < total; ) {
      signal.throwIfAborted();
      const before = part.bytes;
      let why: unknown;
      try {
        await part.add(await origin.content(hash, before), signal);
      } catch (error) {
        if (!(error instanceof Error) || part.isBroken) throw error;
        why = error;
      }
      if (part.bytes > before) empty = 0;
      else if (++empty === mostEmptyAnswers)
        throw new Error(
          `the data ${hash.slice(0, 12)} doesn’t come: ${why instanceof Error ? why.message : 'nothing is sent'}`,
          { cause: why },
        );
      else await sleep(200 * empty, undefined, { signal });
    }
    await part.finish();
  }

  /** Puts it in its place; what was there and wasn't whole goes. */
  async #keep(hash: string, manifest: DataManifest): Promise<void> {
    const whole = join(this.folder, hash);
    const list = `${whole}.json`;
    const temporary = temporaryName(list);
    await writeDurably(temporary, [Buffer.from(JSON.stringify(manifest))]);
    await rm(whole, { recursive: true, force: true });
    await rename(`${whole}.part`, whole);
    await rename(temporary, list);
    await syncFolder(this.folder);
  }

  /** After a power cut files may be shorter than they were. */
  #isWhole(hash: string): boolean {
    try {
      const { files } = checkedManifest(
        JSON.parse(readFileSync(join(this.folder, `${hash}.json`), 'utf8')),
        hash,
      );
      return files.every(({ path, bytes }) => statSync(join(this.folder, hash, path)).size === bytes);
    } catch {
      return false;
    }
  }
}
