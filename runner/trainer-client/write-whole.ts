import { createHash } from 'node:crypto';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { temporaryName, writeDurably } from '../../trainer/files/durable-file.js';
import { GridfarmError } from '../domain/error.js';

/**
 * Writes what comes piece by piece to a file: to a temporary name, flushed, checked, then renamed, so that there is the old content
 * or all of the new one.
 *
 * @throws GridfarmError `store` if the content hasn't that SHA-256 (hexadecimal); the file system's error
 */
export async function writeWhole(
  path: string,
  content: AsyncIterable<Uint8Array>,
  sha256: string,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  const hash = createHash('sha256');
  async function* hashed() {
    for await (const piece of content) {
      hash.update(piece);
      yield piece;
    }
  }
  try {
    await writeDurably(temporary, hashed());
    const found = hash.digest('hex');
    if (found !== sha256)
      throw new GridfarmError('store', `${path}: what came has SHA-256 ${found}, expected ${sha256}`);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
