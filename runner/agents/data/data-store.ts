import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { syncFolder, temporaryName, writeDurably } from '../../../trainer/files/durable-file.js';
import { takeLock } from '../../../trainer/files/lock-file.js';
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

  /** `folder`: absolute; processes may share it. */
  constructor(private readonly folder: string) {}

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
    if (this.#isWhole(hash)) return whole;
    mkdirSync(this.folder, { recursive: true });
    const lock = await takeLock(`${whole}.lock`, { patienceMs: 2 ** 31, isOver: () => signal.aborted });
    try {
      // Another process may have fetched it in the meantime.
      if (this.#isWhole(hash)) return whole;
      const manifest = checkedManifest(await origin.manifest(hash), hash);
      const part = await PartialData.open(`${whole}.part`, manifest);
      try {
        await this.#fill(part, hash, manifest, origin, signal);
      } finally {
        await part.close();
      }
      await this.#keep(hash, manifest);
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
