/** What a lock file says. */
import type { ProcessIdentity } from './process-identity.js';

/** Fields beside these are the owner's own. */
export interface LockHolder extends ProcessIdentity {
  /** By the holder's clock: for people, never to be compared; undefined where an earlier version wrote the lock. */
  sinceMs?: number;
}

const beatDigits = 10;
/** What follows the digits: `"}` and the line's end. */
const tail = '"}\n';

/** `{…holder, "token": …, "beat": "0000000000"}`: the beat stands last, so that it is renewed in place. */
export function lockContent(holder: LockHolder, token: string): string {
  return `${JSON.stringify({ ...holder, token, beat: '0'.repeat(beatDigits) })}\n`;
}

/** What to write where in the content, to show that the holder is there. */
export function nextBeat(content: string): { text: string; position: number } {
  const end = content.length - tail.length;
  const count = Number(content.slice(end - beatDigits, end)) + 1;
  return {
    text: `${count}`.padStart(beatDigits, '0'),
    position: Buffer.byteLength(content) - tail.length - beatDigits,
  };
}

/** Undefined: no lock of ours, or a damaged one. What earlier versions wrote is understood. */
export function parseHolder(content: string): LockHolder | undefined {
  try {
    const { token: _, beat: __, startTime, ...holder } = JSON.parse(content);
    if (!Number.isSafeInteger(holder.pid) || holder.pid < 1 || typeof holder.host !== 'string')
      return undefined;
    const started = typeof startTime === 'string' ? `/${startTime}` : (holder.processStarted ?? null);
    if (started !== null && typeof started !== 'string') return undefined;
    return { ...holder, processStarted: started };
  } catch {
    return undefined;
  }
}

/** `process 12 on host since 2026-01-31T12:00:00.000Z`. */
export function describeHolder(holder: LockHolder | undefined): string {
  if (holder === undefined) return 'somebody who left no readable name';
  const { pid, host, sinceMs } = holder;
  const time = new Date(sinceMs ?? Number.NaN);
  return `process ${pid} on ${host}${Number.isNaN(time.getTime()) ? '' : ` since ${time.toISOString()}`}`;
}
