import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 250;
/** A cell that is tried again is over for a moment; the log has its last words by then, too. */
const settledMs = 1500;

/**
 * Writes a file to a stream, and then what is added to it, until `isOver` has said so for a while. A missing file is empty so far; one
 * that gets shorter is begun anew.
 *
 * @param isOver `now`: what there is, and no more
 */
export async function followFile(
  path: string,
  out: NodeJS.WritableStream,
  isOver: 'now' | (() => boolean),
): Promise<void> {
  let position = 0;
  let overSince: number | undefined;
  for (;;) {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size < position) position = 0;
    if (size > position) {
      for await (const chunk of createReadStream(path, { start: position, end: size - 1 }))
        if (!out.write(chunk)) await new Promise<void>(resolve => out.once('drain', resolve));
      position = size;
      overSince = undefined;
    }
    if (isOver === 'now') return;
    if (isOver()) overSince ??= performance.now();
    else overSince = undefined;
    if (overSince !== undefined && performance.now() - overSince >= settledMs) return;
    await sleep(pollMs);
  }
}

/** The lines so far. A missing file has none. */
export function readLines(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}
