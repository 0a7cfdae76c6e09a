import { mkdirSync, readFileSync, statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const heartbeatMs = 2_000;
/** A lock whose holder was silent for so long is taken over, whatever became of it. */
const silenceMs = 60_000;
const pollMs = 50;

/**
 * Takes the lock file `path` as soon as nobody holds it; `onWait` is called once if somebody does. The lock of a dead
 * process is taken over. Returns the function that releases it.
 *
 * It saves work and doesn't guard it: in the instant of a take-over two processes may hold it, so what they do
 * must end in a rename.
 */
export async function takeLock(path: string, onWait: () => void): Promise<() => void> {
  mkdirSync(dirname(path), { recursive: true });
  let waited = false;
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify({ pid: process.pid, host: hostname() }), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isAbandoned(path)) {
      unlinkQuietly(path);
      continue;
    }
    if (!waited) onWait();
    waited = true;
    await setTimeout(pollMs);
  }
  const heartbeat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Removed by somebody: the work goes on, at worst it is done twice.
    }
  }, heartbeatMs).unref();
  return () => {
    clearInterval(heartbeat);
    unlinkQuietly(path);
  };
}

function isAbandoned(path: string): boolean {
  try {
    const age = Date.now() - statSync(path).mtimeMs;
    if (age > silenceMs) return true;
    const text = readFileSync(path, 'utf8');
    // Between its creation and its content: leave the holder a moment.
    if (text === '') return false;
    const { pid, host } = JSON.parse(text) as { pid: number; host: string };
    return host === hostname() && !isAlive(pid);
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function unlinkQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already.
  }
}
