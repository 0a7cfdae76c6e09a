import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStart, signalGroup } from './process-group.js';

const pollMs = 10;

/** Notes which process works in a cell's folder. */
export function claimProcess(processFile: string, pid: number): void {
  writeFileSync(processFile, JSON.stringify({ pid, start: processStart(pid) }));
}

export function releaseProcess(processFile: string): void {
  rmSync(processFile, { force: true });
}

/**
 * Ends the process that a killed runner left at work in a cell's folder, if there is one other than `own`,
 * and waits until it is gone. A process id that was given to another program since is left alone.
 */
export async function endOrphan(processFile: string, own: number | undefined): Promise<void> {
  const orphan = readClaim(processFile);
  if (orphan === undefined || orphan.pid === own) return;
  const lives = () => processStart(orphan.pid) === orphan.start;
  while (lives()) {
    signalGroup(orphan.pid, 'SIGKILL');
    await sleep(pollMs);
  }
}

function readClaim(processFile: string): { pid: number; start: string } | undefined {
  try {
    const claim = JSON.parse(readFileSync(processFile, 'utf8'));
    return Number.isSafeInteger(claim.pid) && claim.pid > 1 && typeof claim.start === 'string'
      ? claim
      : undefined;
  } catch {
    // No file, or one cut off by a crash while it was written: no process that we know of.
    return undefined;
  }
}
