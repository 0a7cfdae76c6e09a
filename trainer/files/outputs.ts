/** stdout and stderr can fail: a full disk, a reader that has left, a terminal that is gone. */
import { closeSync, fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';

type Output = NodeJS.WriteStream & { fd: number };

/** How an output was lost: its reader is gone (`| head`, a closed terminal), or what was written is missing where it should be. */
export type OutputLoss = { kind: 'readerLeft' | 'failed'; error: NodeJS.ErrnoException };

/**
 * From now on no failure of an output throws, or ends the process by itself: `onLoss` is told once of each, and the
 * process may go on without it. What stdout lacks then makes an exit code of 0 a 1.
 */
export function guardOutputs(onLoss: (name: 'stdout' | 'stderr', loss: OutputLoss) => void): void {
  const wereTerminals = [0, 1, 2].filter(fd => isatty(fd));
  let isIncomplete = false;
  for (const name of ['stdout', 'stderr'] as const)
    guard(process[name] as Output, error => {
      const hasReaderLeft =
        error.code === 'EPIPE' || (error.code === 'EIO' && wereTerminals.includes(process[name].fd));
      if (!hasReaderLeft && name === 'stdout') isIncomplete = true;
      onLoss(name, { kind: hasReaderLeft ? 'readerLeft' : 'failed', error });
    });
  process.on('exit', code => {
    if (isIncomplete && code === 0) process.exitCode = 1;
    // Node aborts (signal 6) at its end if it can't put a terminal back in order: one that is gone must be closed before.
    for (const fd of wereTerminals) if (!isatty(fd)) closeQuietly(fd);
  });
}

function guard(stream: Output, onLoss: (error: NodeJS.ErrnoException) => void): void {
  let isLost = false;
  const lose = (error: NodeJS.ErrnoException) => {
    if (!isLost) onLoss(error);
    isLost = true;
  };
  stream.on('error', lose);
  const plainWrite = stream.write.bind(stream);
  const isFile = writesToFile(stream.fd);
  // Node writes to files at once, throws what fails, and takes a part for the whole where a disk fills up.
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    const callback = rest.at(-1);
    const encoding = typeof rest[0] === 'string' ? (rest[0] as BufferEncoding) : 'utf8';
    try {
      if (!isFile) return plainWrite(chunk, ...(rest as []));
      writeWhole(stream.fd, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
    } catch (error) {
      lose(error as NodeJS.ErrnoException);
    }
    if (typeof callback === 'function') process.nextTick(callback);
    return true;
  };
  stream.write = write as typeof stream.write;
}

/** A regular file or a device that is no terminal. */
function writesToFile(fd: number): boolean {
  try {
    const stats = fstatSync(fd);
    return stats.isFile() || (stats.isCharacterDevice() && !isatty(fd));
  } catch {
    return false;
  }
}

function writeWhole(fd: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(fd, bytes, written);
}

function closeQuietly(fd: number): void {
  try {
    closeSync(fd);
  } catch {
    // Closed already.
  }
}
