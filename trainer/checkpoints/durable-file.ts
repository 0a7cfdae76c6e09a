/** Writing so that after a crash or a power cut a name leads to the whole content or to the old one. */
import { randomBytes } from 'node:crypto';
import { link, open, rename, rm } from 'node:fs/promises';

/** A name beside `path` that no other process uses. */
export const temporaryName = (path: string): string =>
  `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;

/** Writes the parts one after the other to a new file and waits until they are on the disk. */
export async function writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Waits until the names in a folder are on the disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** Lets `path` be another name of the file `target`, in one step. */
export async function pointTo(target: string, path: string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await link(target, temporary);
    await rename(temporary, path);
  } finally {
    // A rename between two names of one file does nothing and leaves both (POSIX).
    await rm(temporary, { force: true });
  }
}
