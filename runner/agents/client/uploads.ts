import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkOrCopy } from '../../../trainer/files/durable-file.js';
import type { ArtifactPort } from '../../trainer-client/artifacts.js';
import { hashOfFile } from '../../trainer-client/hash-pieces.js';
import { bytesOfPart } from '../limits.js';
import { fileName } from '../message-schemas.js';
import type { FileOffer } from '../messages.js';
import { AnswerError, type Api } from './api.js';

/** What a run's trainer has written, as it was at one moment: kept apart until it has been sent. */
interface Snapshot {
  files: FileOffer[];
  pathOf: Map<string, string>;
}

export interface UploadsOptions {
  api: Api;
  ref: string;
  /** Asks within a session: where that is over, in another. */
  within<T>(ask: (session: string) => Promise<T>): Promise<T>;
  artifacts: ArtifactPort;
  /** Absolute folder of the run's files. */
  root: string;
  /** For what waits to be sent; this run's own. */
  folder: string;
  /** Bytes a second; null: as fast as it goes. */
  bytesPerSecond: number | null;
  /** Aborted when the run is somebody else's. */
  signal: AbortSignal;
}

const allowed = new RegExp(fileName);

/** Sends a run's checkpoints back. Where they come faster than they can be sent, the newest is enough. */
export class Uploads {
  #wanted: Snapshot | undefined;
  #working: Promise<void> | undefined;

  constructor(private readonly options: UploadsOptions) {}

  /** The trainer has finished a checkpoint. What is there now is kept for sending, in place of what waits. */
  async take(): Promise<void> {
    const before = this.#wanted;
    this.#wanted = await this.#snapshot();
    if (before !== undefined) await this.#tidy(before);
    this.#working ??= this.#work().finally(() => {
      this.#working = undefined;
    });
    // Whoever finishes hears of it; what tells the run's events ends the run.
    this.#working.catch(() => {});
  }

  /** All that is there now is the coordinator's too, once this resolves. Rejects if the run is somebody else's. */
  async finish(): Promise<void> {
    const { signal } = this.options;
    for (;;) {
      try {
        await this.take();
        while (this.#working !== undefined) await this.#working;
        break;
      } catch (error) {
        // A disk that is full, or away: nothing is given up for that.
        if (signal.aborted || error instanceof AnswerError) throw error;
        await sleep(5000, undefined, { signal });
      }
    }
    await rm(this.options.folder, { recursive: true, force: true });
  }

  async #work(): Promise<void> {
    for (let pauseMs = 1000; this.#wanted !== undefined; ) {
      const snapshot = this.#wanted;
      this.#wanted = undefined;
      try {
        await this.#publish(snapshot);
        await this.#tidy(snapshot);
        pauseMs = 1000;
      } catch (error) {
        // The run is somebody else's, or the agent ends.
        if (this.options.signal.aborted || (error instanceof AnswerError && error.lost === 'run'))
          throw error;
        // The disk there is full, a session is over, a file changed under us: once more, of what is newest by then.
        await this.#tidy(snapshot);
        this.#wanted ??= await this.#snapshot();
        await sleep(pauseMs, undefined, { signal: this.options.signal });
        pauseMs = Math.min(pauseMs * 2, 30_000);
      }
    }
  }

  async #publish({ files, pathOf }: Snapshot): Promise<void> {
    const { api, ref, within, signal } = this.options;
    for (;;) {
      const { missing } = await within(session => api.files(ref, { session, files }, signal));
      if (missing.length === 0) break;
      for (const sha256 of missing) {
        const path = pathOf.get(sha256);
        if (path === undefined) throw new Error(`${sha256} isn't among the files`);
        await this.#send(sha256, path);
      }
    }
  }

  async #send(sha256: string, path: string): Promise<void> {
    const { api, within, bytesPerSecond, signal } = this.options;
    const { size } = await stat(path);
    const file = await open(path, 'r');
    try {
      for (let { bytes: offset, isWhole } = await api.blobOffset(sha256, signal); !isWhole; ) {
        const part = new Uint8Array(Math.min(bytesOfPart, size - offset));
        await file.read(part, 0, part.length, offset);
        const began = performance.now();
        try {
          await within(session => api.putPart(sha256, { session, offset, bytes: size }, part, signal));
        } catch (error) {
          if (signal.aborted || error instanceof AnswerError) throw error;
          await sleep(1000, undefined, { signal });
        }
        if (bytesPerSecond !== null)
          await sleep(Math.max(0, (part.length / bytesPerSecond) * 1000 - (performance.now() - began)));
        ({ bytes: offset, isWhole } = await api.blobOffset(sha256, signal));
      }
    } finally {
      await file.close();
    }
  }

  async #snapshot(): Promise<Snapshot> {
    const { artifacts, root, folder } = this.options;
    await mkdir(folder, { recursive: true });
    const files: FileOffer[] = [];
    const pathOf = new Map<string, string>();
    for (const { name } of await artifacts.list()) {
      // What its trainer still writes has other names.
      if (!allowed.test(name) || name.includes('.tmp')) continue;
      const kept = join(folder, `${Date.now()}-${pathOf.size}-${Math.random().toString(36).slice(2)}`);
      try {
        // The trainer replaces its files and never writes into them.
        await linkOrCopy(join(root, ...name.split('/')), kept);
        const sha256 = await hashOfFile(kept);
        const { size } = await stat(kept);
        files.push({ name, sha256, bytes: size });
        if (pathOf.has(sha256)) await rm(kept);
        else pathOf.set(sha256, kept);
      } catch (error) {
        // Removed since: an older checkpoint.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      }
    }
    return { files, pathOf };
  }

  async #tidy({ pathOf }: Snapshot): Promise<void> {
    for (const path of pathOf.values()) await rm(path, { force: true });
  }
}
