/** Whether a lock's holder is still there, without trusting any other clock than one's own. */
import { readFileSync, statSync } from 'node:fs';
import { type LockHolder, parseHolder } from './lock-content.js';
import { fateOf } from './process-identity.js';
import { Silence } from './silence.js';

/** A holder renews its lock this often; … */
export const beatMs = 2_000;
/** … and counts as gone after this much watching without a sign, where its process can't be looked for. */
export const silenceMs = 30_000;

export type LockState =
  | { state: 'free' }
  /** `isSure`: its process is there, or it gave a sign while it was watched; else it is being found out. */
  | { state: 'held'; holder: LockHolder | undefined; isSure: boolean }
  /** `version`: what was looked at, so that only this is removed. */
  | { state: 'abandoned'; version: string };

/**
 * Watches one lock file. A holder whose process can be looked for, and runs, is judged by that alone. Any other (suspended, of another
 * machine or container, or one that can't be read) gives a sign with each change of the file's content or time; that it
 * did so before the first look, and what any clock said then, doesn't count.
 */
export class LockWatch {
  #silence = new Silence();
  #isReadable = true;

  constructor(readonly path: string) {}

  /** @throws the file system's error where the folder can't be read. */
  look(patienceMs = silenceMs): LockState {
    const found = readLock(this.path);
    if (found === undefined) {
      this.#silence = new Silence();
      return { state: 'free' };
    }
    const holder = parseHolder(found.content);
    const isReadable = holder !== undefined;
    // One that has just been put in the place of another, and is empty for an instant, has given no sign of itself.
    if (this.#isReadable && !isReadable) this.#silence = new Silence();
    this.#isReadable = isReadable;
    this.#silence.look(found.version);
    const fate = holder === undefined ? 'unknown' : fateOf(holder);
    if (fate === 'alive') return { state: 'held', holder, isSure: true };
    if (fate === 'gone' || this.#silence.ms >= patienceMs)
      return { state: 'abandoned', version: found.version };
    return { state: 'held', holder, isSure: this.#silence.isSure };
  }
}

/** A lock file as it is now; undefined: none. */
export function readLock(path: string): { content: string; version: string } | undefined {
  try {
    const { mtimeMs, ino } = statSync(path);
    let content = '';
    try {
      content = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
      // Not ours to read: its time tells as well.
    }
    return { content, version: `${ino} ${mtimeMs} ${content}` };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
