/** What this process may use of its machine: a container, a Slurm job or a systemd unit may have less than the machine has. */
import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, join } from 'node:path';

export interface MachineShare {
  /** CPUs that threads can keep busy: those that it may run on, and no more than its quota of CPU time pays for; at least 1. */
  cpus: number;
  /** Memory in bytes. */
  memory: number;
}

/** What is there without any limit. */
const wholeMachine = (): MachineShare => ({ cpus: availableParallelism(), memory: totalmem() });

/**
 * The machine's CPUs and memory as far as the cgroups of this process, and those that they lie in, leave them to it. CPU sets are
 * among them: the scheduler's affinity, which Node counts by, follows them.
 *
 * https://docs.kernel.org/admin-guide/cgroup-v2.html, https://docs.kernel.org/admin-guide/cgroup-v1/
 *
 * @param root where `/proc` and the cgroups are looked for
 */
export function machineShare(root = '/', whole = wholeMachine()): MachineShare {
  const quotas: number[] = [];
  const limits: number[] = [];
  for (const { folders, isV2, controllers } of hierarchies(root))
    for (const folder of folders) {
      const number = (name: string, field = 0) => readNumber(join(folder, name), field);
      if (isV2) {
        quotas.push(number('cpu.max') / number('cpu.max', 1));
        limits.push(number('memory.max'));
      } else {
        if (controllers.has('cpu')) quotas.push(number('cpu.cfs_quota_us') / number('cpu.cfs_period_us'));
        if (controllers.has('memory')) limits.push(number('memory.limit_in_bytes'));
      }
    }
  // Version 1 writes no quota as -1, and no limit as about 2^63.
  const least = (given: number[]) => Math.min(...given.filter(value => value > 0));
  return {
    cpus: Math.max(1, Math.min(whole.cpus, Math.floor(least(quotas)))),
    memory: Math.min(whole.memory, least(limits)),
  };
}

interface Hierarchy {
  /** The process's cgroup and those around it, as far as they can be seen. */
  folders: string[];
  isV2: boolean;
  controllers: ReadonlySet<string>;
}

function hierarchies(root: string): Hierarchy[] {
  const groups = lines(join(root, 'proc/self/cgroup')).map(line => {
    const [, controllers = '', ...path] = line.split(':');
    return { controllers: new Set(controllers.split(',').filter(Boolean)), path: path.join(':') };
  });
  return lines(join(root, 'proc/self/mountinfo')).flatMap(line => {
    const [mount = '', system = ''] = line.split(' - ');
    const [, , , mountRoot = '/', mountPoint = ''] = mount.split(' ').map(unescaped);
    const [type, , options = ''] = system.split(' ');
    if (type !== 'cgroup' && type !== 'cgroup2') return [];
    const isV2 = type === 'cgroup2';
    const names = options.split(',');
    const group = groups.find(({ controllers }) =>
      isV2 ? controllers.size === 0 : names.some(name => controllers.has(name)),
    );
    if (group === undefined) return [];
    const top = join(root, mountPoint);
    return [{ folders: pathUp(top, below(group.path, mountRoot)), isV2, controllers: group.controllers }];
  });
}

/** A cgroup's path from what is mounted; the mounted one where it lies outside, as in containers that see no other. */
function below(path: string, mountRoot: string): string {
  if (mountRoot === '/') return path.includes('..') ? '' : path;
  return path === mountRoot || path.startsWith(`${mountRoot}/`) ? path.slice(mountRoot.length) : '';
}

function pathUp(top: string, path: string): string[] {
  const folders: string[] = [];
  for (let folder = join(top, path); folder.length > top.length; folder = dirname(folder))
    folders.push(folder);
  return [...folders, top];
}

/** mountinfo writes blanks in octal. */
const unescaped = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)));

/** NaN where there is no such file or number, Infinity for `max`. */
function readNumber(path: string, field: number): number {
  const text = lines(path)[0]?.split(' ')[field] ?? '';
  return text === 'max' ? Number.POSITIVE_INFINITY : Number.parseInt(text, 10);
}

function lines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').filter(Boolean);
  } catch {
    // Not Linux, or a controller that is not there.
    return [];
  }
}
