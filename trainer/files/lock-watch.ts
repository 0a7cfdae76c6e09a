/** Whether a lock's holder is still there, without trusting any other clock than one's own. */
import { readFileSync, statSync } from 'node:fs';
import { type LockHolder, parseHolder } from './lock-content.js';
import { fateOf } from './process-identity.js';

/** A holder renews its lock this often; … */
export const beatMs = 2_000;
/** … and counts as gone after this much watching without a sign, where its process can't be looked for. */
export const silenceMs = 30_000;
/** A look that took longer (a disk that stalled, a suspended machine) counts as so much of watching: the holder may have stood still too. */
const longestLookMs = 2_000;

export type LockState =
  | { state: 'free' }
  /** `isSure`: its process is there, or it gave a sign while it was watched; else it is being found out. */
  | { state: 'held'; holder: LockHolder | undefined; isSure: boolean }
  /** `version`: what was looked at, so that only this is removed. */
  | { state: 'abandoned'; version: string };

/**
 * Watches one lock file. A holder whose process can be looked for is judged by that alone. Any other (of another
 * machine or container, or one that can't be read) gives a sign with each change of the file's content or time; that it
 * did so before the first look, and what any clock said then, doesn't count.
 */
export class LockWatch {
  #version: string | undefined;
  #isSure = false;
  #silentMs = 0;
  #lookedAt = 0;

  constructor(readonly path: string) {}

  /** @throws the file system's error where the folder can't be read. */
  look(patienceMs = silenceMs): LockState {
    const found = readLock(this.path);
    if (found === undefined) {
      this.#version = undefined;
      return { state: 'free' };
    }
    this.#count(found.version);
    const holder = parseHolder(found.content);
    const fate = holder === undefined ? 'unknown' : fateOf(holder);
    if (fate === 'alive') return { state: 'held', holder, isSure: true };
    if (fate === 'gone' || this.#silentMs >= patienceMs)
      return { state: 'abandoned', version: found.version };
    return { state: 'held', holder, isSure: this.#isSure };
  }

  #count(version: string): void {
    const now = performance.now();
    if (this.#version === version) this.#silentMs += Math.min(now - this.#lookedAt, longestLookMs);
    else {
      this.#isSure = this.#version !== undefined;
      this.#silentMs = 0;
    }
    this.#version = version;
    this.#lookedAt = now;
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
