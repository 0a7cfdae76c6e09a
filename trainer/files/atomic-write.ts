import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

let written = 0;

/**
 * Writes a file so that a reader, and a crash at any moment, sees the old content or the new one, never a part:
 * to a temporary name in the same folder (which is made if missing), flushed, then renamed.
 *
 * @param isFlushed false: only a power cut may leave an empty file, or a part of it; the reader takes that for none
 * @param mode of a new file; less what the process masks
 * @throws the file system's error (`ENOSPC`, `EROFS`, …); the old content stays, no temporary file is left.
 */
export function atomicWrite(
  path: string,
  content: string | Uint8Array,
  { isFlushed = true, mode = 0o666 } = {},
): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}-${written++}.tmp`;
  try {
    const file = openSync(temporary, 'wx', mode);
    try {
      writeFileSync(file, content);
      if (isFlushed) fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
