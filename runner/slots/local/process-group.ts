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

/** When a process began, in whatever unit the system counts; with the id it names a process for good. Undefined: no such process. */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const [state, start] = statFields(pid, [0, 19]);
      return state === 'Z' ? undefined : start;
    }
    return ps(pid, 'lstart') || undefined;
  } catch {
    return undefined;
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

/** Fields of /proc/PID/stat counted from the state on: the command before them may hold spaces and brackets. */
function statFields(pid: number, indices: number[]): (string | undefined)[] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return indices.map(index => fields[index]);
}

const ps = (pid: number, field: string) =>
  execFileSync('ps', ['-o', `${field}=`, '-p', `${pid}`], { encoding: 'utf8' }).trim();
