import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 250;

/** Writes a file to a stream; with `follow` also what is added to it, until the process is ended. A missing file is empty so far. */
export async function followFile(path: string, out: NodeJS.WritableStream, follow: boolean): Promise<void> {
  let position = 0;
  do {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    // Cut off or replaced: from the beginning.
    if (size < position) position = 0;
    if (size > position) {
      for await (const chunk of createReadStream(path, { start: position, end: size - 1 }))
        if (!out.write(chunk)) await new Promise<void>(resolve => out.once('drain', resolve));
      position = size;
    }
    if (follow) await sleep(pollMs);
  } while (follow);
}

/** The lines so far. A missing file has none. */
export function readLines(path: string): string[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8').trimEnd().split('\n');
}
