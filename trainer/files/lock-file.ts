/** Lock files: one holder at a time, freed by its release, by the end of its process, or by its silence. */
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBeating, stopBeating } from './heartbeat.js';
import { describeHolder, type LockHolder, lockContent } from './lock-content.js';
import { LockWatch, readLock, silenceMs } from './lock-watch.js';
import { ownIdentity } from './process-identity.js';

const pollMs = 50;

/** What whoever waits says, and listens to. */
export interface Waiting {
  /** Told once what is waited for, if it has to be. */
  onWait?(words: string): void;
  /** Asked again and again: true ends the wait. */
  isOver?(): boolean;
}

export interface LockOptions extends Waiting {
  /** How long a holder that is surely there is waited for. One that may be gone is watched until that is known. */
  patienceMs: number;
  /** Stands in the lock, for people. */
  details?: object;
  /** Of the same path: goes on with what it has seen. */
  watch?: LockWatch;
}

/** The lock is held by another, and was waited for long enough. */
export class LockHeldError extends Error {
  override readonly name = 'LockHeldError';

  constructor(
    readonly path: string,
    /** Undefined: it can't be read. */
    readonly holder: LockHolder | undefined,
  ) {
    super(`${path}: held by ${describeHolder(holder)}`);
  }
}

/** `isOver` said so. */
export class WaitCancelledError extends Error {
  override readonly name = 'WaitCancelledError';
}

export interface HeldLock {
  holder: LockHolder;
  /** Whether it is still there: another takes the lock of a process that was suspended for too long. */
  isHeld(): boolean;
  /** Gives it free; does nothing the second time. */
  release(): void;
}

/**
 * Takes the lock file `path` (whose folder is made if missing) as soon as nobody holds it. The holder renews it all the
 * time, from a thread of its own. In the instant in which a silent holder wakes up after all, two may hold it.
 *
 * @throws LockHeldError, WaitCancelledError, the file system's errors.
 */
export async function takeLock(path: string, options: LockOptions): Promise<HeldLock> {
  const { patienceMs, details, onWait, isOver, watch = new LockWatch(path) } = options;
  mkdirSync(dirname(path), { recursive: true });
  const holder: LockHolder = { ...details, ...ownIdentity(), sinceMs: Date.now() };
  const token = randomBytes(8).toString('hex');
  const start = performance.now();
  let isSaid = false;
  while (!create(path, lockContent(holder, token))) {
    if (isOver?.()) throw new WaitCancelledError(`no longer waiting for ${path}`);
    const found = watch.look();
    if (found.state === 'abandoned') await removeAbandoned(path, found.version);
    if (found.state !== 'held') continue;
    if (found.isSure && performance.now() - start >= patienceMs) throw new LockHeldError(path, found.holder);
    if (!isSaid)
      onWait?.(
        `waiting for ${describeHolder(found.holder)}${found.isSure ? '' : doubt(silenceMs)}; lock: ${path}`,
      );
    isSaid = true;
    await sleep(pollMs);
  }
  startBeating(path, token);
  let isHeld = true;
  return {
    holder,
    isHeld: () => isHeld && readLock(path)?.content.includes(token) === true,
    release() {
      if (!isHeld) return;
      isHeld = false;
      stopBeating(path, token);
      if (readLock(path)?.content.includes(token)) rmSync(path, { force: true });
    },
  };
}

/** Follows the name of a holder. */
export const doubt = (patienceMs: number): string =>
  `, which can't be looked for from here: without a sign of it in ${patienceMs / 1000} s it counts as gone`;

/** Exclusively, also where there are no hard links and on network file systems. False: somebody has it. */
function create(path: string, content: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  try {
    writeFileSync(file, content);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return true;
}

/**
 * Removes an abandoned lock, and never the one that another process has put in its place since: who removes
 * this version of it is settled by a file named after that.
 */
export async function removeAbandoned(path: string, version: string): Promise<void> {
  const claim = `${path}.${createHash('sha256').update(version).digest('hex').slice(0, 12)}.taking`;
  const watch = new LockWatch(claim);
  while (!create(claim, lockContent(ownIdentity(), ''))) {
    // Its maker needs an instant, unless it was killed in it.
    if (watch.look().state === 'abandoned') rmSync(claim, { force: true });
    else if (readLock(path)?.version !== version) return;
    else await sleep(pollMs);
  }
  try {
    if (readLock(path)?.version === version) rmSync(path, { force: true });
  } finally {
    rmSync(claim, { force: true });
  }
}
