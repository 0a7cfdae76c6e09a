import { createHash, type Hash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { type FileHandle, mkdir, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DataFile, DataManifest } from './manifest.js';

/** A data set on its way in: its files are written one after the other, each checked at its end. */
export class PartialData {
  /** That have come and are on the disk. */
  bytes = 0;
  /** What came was not what the manifest says, or couldn't be written: another attempt at once helps nothing. */
  isBroken = false;
  #next = 0;
  #open: { file: FileHandle; hash: Hash; bytes: number } | undefined;

  private constructor(
    private readonly folder: string,
    private readonly files: readonly DataFile[],
  ) {}

  /** Goes on where an earlier one ended; the file that it ended in comes anew. */
  static async open(folder: string, { files }: DataManifest): Promise<PartialData> {
    await mkdir(folder, { recursive: true });
    const data = new PartialData(folder, files);
    for (const { path, bytes, sha256 } of files) {
      const place = join(folder, path);
      if (statSync(place, { throwIfNoEntry: false })?.size !== bytes || (await hashOf(place)) !== sha256)
        break;
      data.bytes += bytes;
      data.#next++;
    }
    return data;
  }

  /** Takes the content from `bytes` on, as far as it comes. */
  async add(content: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
    for await (const piece of content) {
      signal.throwIfAborted();
      let rest = piece;
      this.isBroken = true;
      while (rest.length > 0) rest = await this.#take(rest);
      this.isBroken = false;
    }
  }

  /** Once all bytes are there: the empty files at the end have none. */
  async finish(): Promise<void> {
    while (this.#next < this.files.length) await this.#take(new Uint8Array());
  }

  async close(): Promise<void> {
    await this.#open?.file.close();
    this.#open = undefined;
  }

  /** @returns what is left for the next file */
  async #take(piece: Uint8Array): Promise<Uint8Array> {
    const wanted = this.files[this.#next];
    if (wanted === undefined) throw new Error('more was sent than the data has');
    const place = join(this.folder, wanted.path);
    this.#open ??= await begin(place);
    const { file, hash } = this.#open;
    const part = piece.subarray(0, wanted.bytes - this.#open.bytes);
    try {
      await file.writeFile(part);
    } catch (error) {
      await this.#drop(place);
      throw error;
    }
    hash.update(part);
    this.#open.bytes += part.length;
    this.bytes += part.length;
    if (this.#open.bytes === wanted.bytes) {
      await file.close();
      this.#open = undefined;
      if (hash.digest('hex') !== wanted.sha256) {
        await rm(place, { force: true });
        throw new Error(
          `${wanted.path} came with another content than it has: it was changed there, or on the way`,
        );
      }
      this.#next++;
    }
    return piece.subarray(part.length);
  }

  async #drop(place: string): Promise<void> {
    this.bytes -= this.#open?.bytes ?? 0;
    await this.#open?.file.close();
    this.#open = undefined;
    await rm(place, { force: true });
  }
}

async function begin(place: string): Promise<{ file: FileHandle; hash: Hash; bytes: number }> {
  await mkdir(dirname(place), { recursive: true });
  return { file: await open(place, 'w'), hash: createHash('sha256'), bytes: 0 };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(path)) hash.update(part);
  return hash.digest('hex');
}
