import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** One process, told apart from a later one with the same pid. */
export interface ProcessIdentity {
  host: string;
  pid: number;
  /** Boot and clock tick at which it started; null where the system has no /proc. */
  processStarted: string | null;
}

export function ownIdentity(): ProcessIdentity {
  return { host: hostname(), pid: process.pid, processStarted: startOf(process.pid) ?? null };
}

export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return a.host === b.host && a.pid === b.pid && a.processStarted === b.processStarted;
}

/** Whether a process of this host is still there. */
export function isAlive({ pid, processStarted }: ProcessIdentity): boolean {
  const started = startOf(pid);
  if (processStarted !== null && started !== undefined) return started === processStarted;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Undefined: no such process, or no /proc. A zombie counts as gone. See proc(5), `/proc/pid/stat`. */
function startOf(pid: number): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'zombie' : `${boot}/${fields[19]}`;
  } catch {
    return undefined;
  }
}
