/** What Slurm's programs say of jobs. */
import type { FleetState } from './launcher.js';

/** Jobs of one state and reason. */
export interface SlurmJobs {
  count: number;
  /** `PENDING`, `RUNNING`, … */
  state: string;
  /** `Resources`, `PartitionTimeLimit`, … */
  reason: string;
}

const waiting = new Set([
  'PENDING',
  'CONFIGURING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'RESV_DEL_HOLD',
  'SPECIAL_EXIT',
]);
const running = new Set(['RUNNING', 'SUSPENDED', 'STOPPED', 'SIGNALING', 'RESIZING', 'STAGE_OUT']);
/** Why jobs wait when all is well: for others of the same user's or group's as well, but not for ever, as beyond a limit of each job. */
const ordinary =
  /^(None|Resources|Priority|JobArrayTaskLimit|BeginTime|Cleaning|Licenses|Prolog|Dependency|(Assoc|QOS|Max|Array)(?!.*(PerJob|Wall|Min)).*)$/;

/** Of `squeue --noheader --array --format '%T|%r'`: a line a job. */
export const parseSqueue = (table: string): SlurmJobs[] =>
  table.split('\n').flatMap(line => {
    const [state, ...reason] = line.trim().split('|');
    return state === undefined || state === '' ? [] : [{ count: 1, state, reason: reason.join('|') }];
  });

/**
 * Of `scontrol show job --oneliner`: a line a job, and one for all the tasks of an array that haven't begun
 * (`ArrayTaskId=2-5,8%2`). Those that have ended are among them for some minutes.
 */
export function parseScontrol(lines: string, jobName: string): SlurmJobs[] {
  return lines.split('\n').flatMap(line => {
    const read = (key: string) => new RegExp(`(?:^| )${key}=(\\S*)`).exec(line)?.[1];
    if (read('JobName') !== jobName) return [];
    const count = countTasks(read('ArrayTaskId') ?? '');
    return [{ count, state: read('JobState') ?? '', reason: read('Reason') ?? '' }];
  });
}

/** `3`: 1, `2-5,8%2`: 5, `1-9:2`: 5. */
function countTasks(ids: string): number {
  const ranges = ids.split('%')[0]!.split(',');
  const counts = ranges.map(range => {
    const match = /^(\d+)-(\d+)(?::(\d+))?$/.exec(range);
    return match === null ? 1 : Math.floor((Number(match[2]) - Number(match[1])) / Number(match[3] ?? 1)) + 1;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Jobs that have ended count for nothing; why some wait is told where waiting alone won't help. */
export function fleetOf(jobs: readonly SlurmJobs[]): FleetState {
  const sum = (states: Set<string>) =>
    jobs.filter(({ state }) => states.has(state)).reduce((total, { count }) => total + count, 0);
  const stuck = jobs.filter(({ state, reason }) => waiting.has(state) && !ordinary.test(reason));
  const reasons = [...new Set(stuck.map(({ reason }) => reason))].join(', ');
  return {
    waiting: sum(waiting),
    running: sum(running),
    ...(reasons !== '' && { trouble: `Slurm lets jobs wait for the reason ${reasons}` }),
  };
}
