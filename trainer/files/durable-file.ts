/** Writing so that after a crash or a power cut a name leads to the whole content or to the old one. */
import { randomBytes } from 'node:crypto';
import { constants, copyFile, link, open, rename, rm } from 'node:fs/promises';

/** A name beside `path` that no other process uses. */
export const temporaryName = (path: string): string =>
  `${path}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`;

/** Writes the parts one after the other, as they come, to a new file and waits until they are on the disk. */
export async function writeDurably(
  path: string,
  parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = await open(path, 'wx');
  try {
    for await (const part of parts) await file.writeFile(part);
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

/** What mounts without hard links say to one, and what is said across mounts and of too many names. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK', 'EINVAL']);

/** Another name of the file `target`; where the file system has no hard links, a copy. `path` must be free. */
export async function linkOrCopy(target: string, path: string): Promise<void> {
  try {
    await link(target, path);
  } catch (error) {
    if (!noLinks.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await copyFile(target, path, constants.COPYFILE_EXCL);
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}

/** Lets `path` be another name (or a copy) of the file `target`, in one step. */
export async function pointTo(target: string, path: string): Promise<void> {
  const temporary = temporaryName(path);
  try {
    await linkOrCopy(target, temporary);
    await rename(temporary, path);
  } finally {
    // A rename between two names of one file does nothing and leaves both (POSIX).
    await rm(temporary, { force: true });
  }
}
