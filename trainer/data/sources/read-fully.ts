import { readSync } from 'node:fs';

/** Largest piece of one read: the kernel takes no more than 2 GiB at once. */
const piece = 1 << 26;

/** Reads `length` bytes at `position`. Throws an Error if the file ends before. */
export function readFully(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  readInto(fd, position, bytes);
  return bytes;
}

/** Fills `bytes` from `position` on. Throws an Error if the file ends before. */
export function readInto(fd: number, position: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.length) {
    const read = readSync(fd, bytes, done, Math.min(piece, bytes.length - done), position + done);
    if (read === 0)
      throw new Error(`the file ends at byte ${position + done}, expected ${position + bytes.length} bytes`);
    done += read;
  }
}
