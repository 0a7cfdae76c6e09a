import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { machineCondition } from '../../../trainer/contract/machine-conditions.js';
import { linkOrCopy } from '../../../trainer/files/durable-file.js';
import type { ArtifactPort } from '../../trainer-client/artifacts.js';
import { hashOfFile } from '../../trainer-client/hash-pieces.js';
import { bytesOfPart } from '../limits.js';
import { fileName } from '../message-schemas.js';
import type { FileOffer, SendEvery } from '../messages.js';
import { AnswerError, type Api } from './api.js';

/** What a run's trainer has written, as it was at one moment: kept apart until it has been sent. */
interface Snapshot {
  /** Of the best weights alone: they take the place of those that were published before. */
  isBest: boolean;
  files: FileOffer[];
  pathOf: Map<string, string>;
}

export interface UploadsOptions {
  api: Api;
  ref: string;
  /** Asks within a session: where that is over, in another. */
  within<T>(ask: (session: string) => Promise<T>): Promise<T>;
  artifacts: ArtifactPort;
  /** What the coordinator had of them when it gave the run. */
  given: readonly FileOffer[];
  /** Absolute folder of the run's files. */
  root: string;
  /** For what waits to be sent; this run's own. */
  folder: string;
  sendEvery(): SendEvery;
  /** Bytes a second; null: as fast as it goes. */
  bytesPerSecond: number | null;
  say(words: string): void;
  /** Aborted when the run is somebody else's. */
  signal: AbortSignal;
}

const allowed = new RegExp(fileName);
const ofBest = /^checkpoints\/best(-ema)?\.safetensors$/;

/** Sends a run's checkpoints back. Where they come faster than they can be sent, the newest is enough. */
export class Uploads {
  #wanted: Snapshot | undefined;
  #working: Promise<void> | undefined;
  /** By this one, as a whole. */
  #published: readonly FileOffer[] | undefined;
  #hasFolder = false;
  /** Of the files of the last snapshot, by inode, size and time: most are there in the next one, too. */
  #hashes = new Map<string, string>();
  #epochs = 0;
  #takenAt = performance.now();
  #isHeldUp = false;

  constructor(private readonly options: UploadsOptions) {}

  /** The trainer has finished a checkpoint: it is sent if it is time, and new best weights are in any case. */
  async checkpoint(kind: 'last' | 'best'): Promise<void> {
    const every = this.options.sendEvery();
    if (kind === 'last') {
      this.#epochs++;
      const isTime =
        'epochs' in every
          ? this.#epochs >= every.epochs
          : performance.now() - this.#takenAt >= every.seconds * 1000;
      if (isTime) await this.#take(false);
    } else if (this.#epochs > 0) {
      // What waits goes as it is now; without anything there, they would be of no cell that can be gone on with.
      await this.#take(this.#published !== undefined && !this.#isWholeWaiting);
    }
  }

  /** What keeps checkpoints from being sent is said once, and its end. */
  #held(error: unknown): void {
    const isHeldUp = error !== undefined;
    if (isHeldUp === this.#isHeldUp) return;
    this.#isHeldUp = isHeldUp;
    if (isHeldUp) {
      const condition = machineCondition(error);
      const { message } = error as Error;
      this.options.say(
        `its checkpoints wait: ${condition === undefined ? message : `${condition}: ${message}`}`,
      );
    } else this.options.say('its checkpoints are sent again');
  }

  get #isWholeWaiting(): boolean {
    return this.#wanted?.isBest === false;
  }

  /** What is there now is kept for sending, in place of what waits. */
  async #take(isBest: boolean): Promise<void> {
    if (!isBest) {
      this.#epochs = 0;
      this.#takenAt = performance.now();
    }
    const taken = await this.#snapshot(isBest);
    // What waited until now may be on its way by then: that isn't replaced.
    const before = this.#wanted;
    this.#wanted = taken;
    if (before !== undefined) await this.#tidy(before);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
    // Whoever finishes hears of it; what tells the run's events ends the run.
    this.#working.catch(() => {});
  }

  async hasFiles(): Promise<boolean> {
    return (await this.options.artifacts.list()).length > 0;
  }

  /** All that is there now is the coordinator's too, once this resolves. Rejects if the run is somebody else's. */
  async finish(): Promise<void> {
    const { signal } = this.options;
    for (;;) {
      try {
        await this.#take(false);
        await this.settled();
        break;
      } catch (error) {
        // A disk that is full, or away: nothing is given up for that.
        if (signal.aborted || error instanceof AnswerError) throw error;
        this.#held(error);
        await sleep(5000, undefined, { signal });
      }
    }
    if (this.#hasFolder) await rm(this.options.folder, { recursive: true, force: true });
  }

  /** Resolves when nothing waits to be sent. */
  async settled(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  async #work(): Promise<void> {
    for (let pauseMs = 1000; this.#wanted !== undefined; ) {
      const snapshot = this.#wanted;
      this.#wanted = undefined;
      try {
        await this.#publish(snapshot);
        this.#held(undefined);
        await this.#tidy(snapshot);
        pauseMs = 1000;
      } catch (error) {
        // The run is somebody else's, or the agent ends.
        if (this.options.signal.aborted || (error instanceof AnswerError && error.lost === 'run'))
          throw error;
        this.#held(error);
        // The disk there is full, a session is over, a file changed under us: once more, of what is newest by then.
        await this.#tidy(snapshot);
        if (!this.#isWholeWaiting) await this.#take(false);
        await sleep(pauseMs, undefined, { signal: this.options.signal });
        pauseMs = Math.min(pauseMs * 2, 30_000);
      }
    }
  }

  async #publish({ files: taken, pathOf, isBest }: Snapshot): Promise<void> {
    const { api, ref, within, signal } = this.options;
    const kept = isBest ? this.#published!.filter(({ name }) => !ofBest.test(name)) : [];
    const files = [...kept, ...taken];
    while (!isSame(files, this.#published ?? this.options.given)) {
      const { missing } = await within(session => api.files(ref, { session, files }, signal));
      if (missing.length === 0) break;
      for (const sha256 of missing) {
        const path = pathOf.get(sha256);
        if (path === undefined) throw new Error(`${sha256} isn't among the files`);
        await this.#send(sha256, path);
      }
    }
    this.#published = files;
  }

  async #send(sha256: string, path: string): Promise<void> {
    const { api, within, bytesPerSecond, signal } = this.options;
    const { size } = await stat(path);
    const file = await open(path, 'r');
    try {
      for (let there = await api.blobOffset(sha256, signal); !there.isWhole; ) {
        const offset = there.bytes;
        const part = new Uint8Array(Math.min(bytesOfPart, size - offset));
        await file.read(part, 0, part.length, offset);
        const began = performance.now();
        try {
          there = await within(session =>
            api.putPart(sha256, { session, offset, bytes: size }, part, signal),
          );
        } catch (error) {
          if (signal.aborted || error instanceof AnswerError) throw error;
          await sleep(1000, undefined, { signal });
          there = await api.blobOffset(sha256, signal);
        }
        if (bytesPerSecond !== null)
          await sleep(Math.max(0, (part.length / bytesPerSecond) * 1000 - (performance.now() - began)));
      }
    } finally {
      await file.close();
    }
  }

  async #snapshot(isBest: boolean): Promise<Snapshot> {
    const { artifacts, root, folder } = this.options;
    const files: FileOffer[] = [];
    const pathOf = new Map<string, string>();
    const hashes = new Map<string, string>();
    for (const { name } of await artifacts.list()) {
      // What its trainer still writes has other names.
      if (!allowed.test(name) || name.includes('.tmp') || (isBest && !ofBest.test(name))) continue;
      if (!this.#hasFolder) await mkdir(folder, { recursive: true });
      this.#hasFolder = true;
      const kept = join(folder, `${Date.now()}-${pathOf.size}-${Math.random().toString(36).slice(2)}`);
      try {
        // The trainer replaces its files and never writes into them.
        await linkOrCopy(join(root, ...name.split('/')), kept);
        const { ino, size, mtimeMs } = await stat(kept);
        const content = `${ino} ${size} ${mtimeMs}`;
        const sha256 = this.#hashes.get(content) ?? (await hashOfFile(kept));
        hashes.set(content, sha256);
        files.push({ name, sha256, bytes: size });
        if (pathOf.has(sha256)) await rm(kept);
        else pathOf.set(sha256, kept);
      } catch (error) {
        // Removed since: an older checkpoint.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    this.#hashes = hashes;
    return { files, pathOf, isBest };
  }

  async #tidy({ pathOf }: Snapshot): Promise<void> {
    for (const path of pathOf.values()) await rm(path, { force: true });
  }
}

function isSame(files: readonly FileOffer[], others: readonly FileOffer[]): boolean {
  const hashes = new Map(others.map(({ name, sha256 }) => [name, sha256]));
  return files.length === others.length && files.every(({ name, sha256 }) => hashes.get(name) === sha256);
}
