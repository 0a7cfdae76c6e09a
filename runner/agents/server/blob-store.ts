import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOfPiece, hashOfFile } from '../../trainer-client/hash-pieces.js';
import { mostBytesOfBlob } from '../limits.js';

/** Parts that nobody goes on with are kept for so long. */
const keptMs = 86_400_000;

/** A part that can't be taken. `offset`: where it would have to begin. */
export class BlobPartError extends Error {
  override readonly name = 'BlobPartError';

  constructor(
    message: string,
    readonly offset: number,
  ) {
    super(message);
  }
}

/**
 * Files that agents send, by their SHA-256: kept until they are published as a run's, whose they are known to be then. They come in
 * parts, each from where the one before has ended.
 */
export class BlobStore {
  readonly #busy = new Map<string, Promise<unknown>>();

  /** `folder`: absolute, its own. */
  constructor(private readonly folder: string) {}

  /** Removes what was given up long ago. */
  async tidy(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && Date.now() - found.mtimeMs > keptMs) await rm(path, { force: true });
    }
  }

  /** Bytes that are there; all of them are checked once the last one has come. */
  async offset(sha256: string): Promise<{ bytes: number; isWhole: boolean }> {
    const whole = await stat(this.#whole(sha256)).catch(() => undefined);
    if (whole !== undefined) return { bytes: whole.size, isWhole: true };
    const part = await stat(this.#part(sha256)).catch(() => undefined);
    return { bytes: part?.size ?? 0, isWhole: false };
  }

  /**
   * Adds a part, which is the last one once `bytes` are there. What has come before a connection broke stays.
   *
   * @throws BlobPartError if it doesn't begin where the one before ended, is too long, or the whole hasn't that hash (and is gone then)
   */
  append(sha256: string, offset: number, bytes: number, content: AsyncIterable<Uint8Array>): Promise<void> {
    return this.#oneByOne(sha256, async () => {
      const there = await this.offset(sha256);
      if (there.isWhole) return;
      if (bytes > mostBytesOfBlob) throw new BlobPartError(`at most ${mostBytesOfBlob} bytes`, 0);
      if (offset !== there.bytes) throw new BlobPartError(`it goes on from ${there.bytes}`, there.bytes);
      await mkdir(this.folder, { recursive: true });
      const path = this.#part(sha256);
      const file = await open(path, 'a');
      let length = offset;
      try {
        for await (const piece of content) {
          if (length + piece.length > bytes) throw new BlobPartError(`more than ${bytes} bytes came`, length);
          await file.writeFile(piece);
          length += piece.length;
        }
        if (length === bytes) await file.sync();
      } finally {
        await file.close();
      }
      if (length < bytes) return;
      if ((await hashOfFile(path)) !== sha256) {
        await rm(path, { force: true });
        throw new BlobPartError(`what came hasn't the SHA-256 ${sha256}`, 0);
      }
      await rename(path, this.#whole(sha256));
    });
  }

  /** It is opened when it is read: one that is gone by then is an error of whoever reads. */
  async *read(sha256: string): AsyncGenerator<Uint8Array, void> {
    yield* createReadStream(this.#whole(sha256), { highWaterMark: bytesOfPiece });
  }

  async drop(sha256: string): Promise<void> {
    await rm(this.#whole(sha256), { force: true });
  }

  async #oneByOne(sha256: string, work: () => Promise<void>): Promise<void> {
    const before = this.#busy.get(sha256);
    const mine = (async () => {
      await before?.catch(() => {});
      await work();
    })();
    this.#busy.set(sha256, mine);
    try {
      await mine;
    } finally {
      if (this.#busy.get(sha256) === mine) this.#busy.delete(sha256);
    }
  }

  #whole = (sha256: string) => join(this.folder, sha256);
  #part = (sha256: string) => join(this.folder, `${sha256}.part`);
}
