/** Processes told apart over machines, containers, reboots and reused ids. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

export interface ProcessIdentity {
  host: string;
  pid: number;
  /**
   * `boot id/start/pid namespace`. The start is in the system's own unit (Linux: clock ticks since the boot). A part that
   * the system doesn't say is empty, as in what earlier versions wrote (`boot id/start`); null: nothing is known.
   */
  processStarted: string | null;
}

/** `suspended`: it is there, and stands still; `unknown`: it may run where this process can't look. */
export type Fate = 'alive' | 'suspended' | 'gone' | 'unknown';

export const ownIdentity = (): ProcessIdentity => identityOf(process.pid);

/** Of a process of this machine. */
export function identityOf(pid: number): ProcessIdentity {
  const { boot, namespace } = here();
  const { started } = find(pid);
  return {
    host: hostname(),
    pid,
    processStarted: started === undefined ? null : `${boot}/${started}/${namespace}`,
  };
}

/**
 * Whether a process is still there. Where it can be looked for is decided by boot and pid namespace, since hosts change
 * their names and share them; by the host's name only where these are not known. A zombie is gone.
 */
export function fateOf({ host, pid, processStarted }: ProcessIdentity): Fate {
  const [boot = '', started = '', namespace = ''] = processStarted?.split('/') ?? [];
  const own = here();
  if (boot !== '' && boot !== own.boot) return 'unknown';
  if (namespace !== '' && namespace !== own.namespace) return 'unknown';
  if ((boot === '' || namespace === '') && host !== hostname()) return 'unknown';
  const found = find(pid);
  if (!found.isThere) return 'gone';
  if (found.started === undefined || started === '') return 'unknown';
  if (found.started !== started) return 'gone';
  return found.isSuspended ? 'suspended' : 'alive';
}

interface Place {
  boot: string;
  namespace: string;
}

let place: Place | undefined;

function here(): Place {
  place ??= {
    boot: quietly(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    // `pid:[4026531836]`
    namespace: quietly(() => readlinkSync('/proc/self/ns/pid')),
  };
  return place;
}

interface Found {
  isThere: boolean;
  /** Undefined where the system doesn't say. */
  started?: string;
  isSuspended?: boolean;
}

let self: Found | undefined;

/** This process itself is there, and doesn't stand still while it asks: it is asked about with every cell that it runs. */
function find(pid: number): Found {
  if (pid !== process.pid) return lookFor(pid);
  self ??= lookFor(pid);
  return self;
}

/** See proc(5), `/proc/pid/stat`. */
function lookFor(pid: number): Found {
  if (!isInUse(pid)) return { isThere: false };
  if (process.platform !== 'linux') {
    const started = quietly(() =>
      execFileSync('ps', ['-o', 'lstart=', '-p', `${pid}`], { encoding: 'utf8' }).trim(),
    );
    return started === '' ? { isThere: true } : { isThere: true, started };
  }
  const stat = quietly(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  if (stat === '') return { isThere: true };
  // The second field is the program's name in brackets, which may hold anything.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'Z' || state === 'X') return { isThere: false };
  return { isThere: true, started: fields[18] ?? '', isSuspended: state === 'T' };
}

/** Whether some process has this id, be it a zombie or somebody else's. */
function isInUse(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
