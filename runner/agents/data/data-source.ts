import { createReadStream, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import { hashOfFile } from '../../trainer-client/hash-pieces.js';
import { dataFiles } from './data-files.js';
import { type DataFile, type DataManifest, dataBytes, dataHash } from './manifest.js';

/** A data set that goes out to agents: what `GET /v1/data/<hash>` and `GET /v1/data/<hash>/content?from=<bytes>` send. */
export class DataSource {
  /** What it is called. */
  readonly hash: string;
  readonly bytes: number;

  private constructor(
    private readonly root: string,
    readonly manifest: DataManifest,
  ) {
    this.hash = dataHash(manifest);
    this.bytes = dataBytes(manifest);
  }

  /** Reads all of it. Rejects with the file system's errors, and if it has no files. */
  static async of(spec: DataSpec): Promise<DataSource> {
    const files: DataFile[] = [];
    for (const path of dataFiles(spec)) files.push({ path, ...(await measure(join(spec.root, path))) });
    if (files.length === 0) throw new Error(`there are no files of ${spec.name} in ${spec.root}`);
    return new DataSource(spec.root, { files });
  }

  /**
   * The content of all files, one after the other, from byte `from` on.
   *
   * @throws Error if a file isn't as long any more as it was
   */
  async *content(from = 0): AsyncGenerator<Uint8Array, void> {
    let begin = 0;
    for (const { path, bytes } of this.manifest.files) {
      const start = Math.max(0, from - begin);
      begin += bytes;
      if (start >= bytes) continue;
      const place = join(this.root, path);
      if (statSync(place).size !== bytes)
        throw new Error(`${place} was changed while the grid runs: it can’t be sent as it was`);
      yield* createReadStream(place, { start, end: bytes - 1 });
    }
  }
}

async function measure(path: string): Promise<{ bytes: number; sha256: string }> {
  return { sha256: await hashOfFile(path), bytes: statSync(path).size };
}
