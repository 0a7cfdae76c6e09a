import { closeSync, futimesSync, openSync, readFileSync, writeSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import type { BeatRequest } from './heartbeat.js';
import { nextBeat } from './lock-content.js';
import { beatMs } from './lock-watch.js';

const tokens = new Map<string, string>();

parentPort!.on('message', ({ path, token, isHeld }: BeatRequest) => {
  if (isHeld) tokens.set(path, token);
  else if (tokens.get(path) === token) tokens.delete(path);
});

setInterval(() => {
  for (const [path, token] of tokens) {
    try {
      if (!beat(path, token)) tokens.delete(path);
    } catch {
      // Removed, or a disk that is away for a while: the next beat may succeed.
    }
  }
}, beatMs);

/**
 * Renews the content in place, through the descriptor that was checked: a lock that another process has put there is
 * never touched. Closed each time, so that network file systems pass it on. False: the lock is another's.
 */
function beat(path: string, token: string): boolean {
  const file = openSync(path, 'r+');
  try {
    const content = readFileSync(file, 'utf8');
    if (!content.includes(token)) return false;
    const { text, position } = nextBeat(content);
    try {
      writeSync(file, text, position);
    } catch {
      // A full disk: a new time is a sign as well.
      futimesSync(file, new Date(), new Date());
    }
    return true;
  } finally {
    closeSync(file);
  }
}
