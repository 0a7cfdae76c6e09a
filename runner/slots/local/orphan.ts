import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseHolder } from '../../../trainer/files/lock-content.js';
import { fateOf, identityOf, type ProcessIdentity } from '../../../trainer/files/process-identity.js';
import { signalGroup } from '../../trainer-client/process-group.js';

const pollMs = 10;
/** A killed process is gone within this, unless it hangs in the kernel: on a disk or a GPU that doesn't answer. */
const patienceMs = 10_000;

/** Notes which process works in a cell's folder. */
export function claimProcess(processFile: string, pid: number): void {
  writeFileSync(processFile, JSON.stringify(identityOf(pid)));
}

/** The process no longer works there. What names another one stays: that may still be at work. */
export function releaseProcess(processFile: string, pid: number | undefined): void {
  if (readClaim(processFile)?.pid === pid) rmSync(processFile, { force: true });
}

/**
 * Ends the process that a killed runner left at work in a cell's folder, if there is one other than `own`, and waits until it is
 * gone. A process id that was given to another program since, or that is another machine's, is left alone.
 *
 * @throws Error if it can't be ended, or if `signal` says that nobody waits for that any more.
 */
export async function endOrphan(
  processFile: string,
  own: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const orphan = readClaim(processFile);
  if (orphan === undefined || orphan.pid === own) return;
  const start = performance.now();
  while (isThere(orphan)) {
    kill(orphan.pid);
    if (signal.aborted || performance.now() - start > patienceMs)
      throw new Error(
        `process ${orphan.pid}, left over from an earlier run, is still at work in the cell's folder and can't be ended (${processFile})`,
      );
    await sleep(pollMs);
  }
}

const isThere = (orphan: ProcessIdentity) => ['alive', 'suspended'].includes(fateOf(orphan));

function kill(pid: number): void {
  try {
    signalGroup(pid, 'SIGKILL');
  } catch {
    // Another user's: it is waited for, and named in the end.
  }
}

function readClaim(processFile: string): ProcessIdentity | undefined {
  try {
    const content = readFileSync(processFile, 'utf8');
    const claim = parseHolder(content) ?? earlierClaim(JSON.parse(content));
    return claim !== undefined && claim.pid > 1 ? claim : undefined;
  } catch {
    // No file, or one cut off by a crash while it was written: no process that we know of.
    return undefined;
  }
}

/** Earlier versions wrote the id and the start alone. */
function earlierClaim({ pid, start }: { pid?: unknown; start?: unknown }): ProcessIdentity | undefined {
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || typeof start !== 'string') return undefined;
  return { host: hostname(), pid, processStarted: `/${start}` };
}
