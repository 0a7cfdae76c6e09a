/** What processes hold of the machine's memory, as Linux tells it. Elsewhere only the first process of a run is known, by `ps`. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { residentMegabytes } from './process-group.js';

/** A process, those that it started, and those that they did. */
export function processTree(pid: number): number[] {
  const tree = [pid];
  for (let index = 0; index < tree.length; index++)
    try {
      const tasks = `/proc/${tree[index]}/task`;
      for (const task of readdirSync(tasks))
        for (const child of readFileSync(`${tasks}/${task}/children`, 'utf8').split(' '))
          if (child !== '') tree.push(Number(child));
    } catch {
      // It has ended, or this isn't Linux.
    }
  return tree;
}

/** In MB (10⁶ bytes), of all of them together; pages that they share count for each. */
export const treeMegabytes = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + (residentMegabytes(pid) ?? 0), 0);

/** The most that one process has held since it began, or since `forgetPeak`; undefined: nobody knows. */
export function peakMegabytes(pid: number): number | undefined {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : (Number(kilobytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}

/** https://docs.kernel.org/filesystems/proc.html, `clear_refs`. False: its peak stays that of its whole life. */
export function forgetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, '5');
    return true;
  } catch {
    return false;
  }
}

/** How many processes of this machine the kernel has killed for want of memory, its own or a cgroup's; 0 where it doesn't tell. */
export function killsForMemory(): number {
  try {
    return Number(/^oom_kill (\d+)/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
