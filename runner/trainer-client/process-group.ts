import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Sends a signal to a process and all that it started; does nothing if there is none left. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Resident memory of one process in MB (10⁶ bytes), undefined if there is no such process. */
export function residentMegabytes(pid: number): number | undefined {
  try {
    if (process.platform === 'linux') {
      const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
      return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
    }
    return (Number(ps(pid, 'rss')) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}

const ps = (pid: number, field: string) =>
  execFileSync('ps', ['-o', `${field}=`, '-p', `${pid}`], { encoding: 'utf8' }).trim();
