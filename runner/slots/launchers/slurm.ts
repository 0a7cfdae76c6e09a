import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { GridfarmError } from '../../domain/error.js';
import { call, oneLine } from './call.js';
import type { Fleet, FleetState, LaunchContext, Launcher } from './launcher.js';
import { fleetNameSchema, Notes, newFleetName } from './notes.js';
import { fleetOf, parseScontrol, parseSqueue } from './slurm-state.js';
import { slurmSeconds, slurmTimeSchema } from './slurm-time.js';

/** Keys of an entry `backend: slurm`. */
export interface SlurmEntry {
  max: number;
  throttle?: number;
  partition?: string;
  gres?: string;
  time?: string | number;
  cpus?: number;
  memory?: string | number;
  account?: string;
  constraint?: string;
  qos?: string;
  arguments?: string[];
}

const text = (description: string) => ({ type: 'string', minLength: 1, description });

/** Agents as tasks of job arrays; `sbatch`, `squeue`, `scontrol` and `scancel` are those of PATH. */
export const slurmLauncher: Launcher<SlurmEntry> = {
  name: 'slurm',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['max'],
    properties: {
      max: {
        type: 'integer',
        minimum: 1,
        maximum: 100_000,
        description: 'Most agents at a time, those that wait included',
      },
      throttle: {
        type: 'integer',
        minimum: 1,
        description: 'Most agents of one job array that run at a time',
      },
      partition: text('As sbatch takes it, like all that follow'),
      gres: text('What each agent gets: gpu:1'),
      time: slurmTimeSchema,
      cpus: { type: 'integer', minimum: 1, description: 'CPUs of each agent' },
      memory: {
        anyOf: [
          { type: 'integer', minimum: 1 },
          { type: 'string', pattern: '^\\d+[KMGTkmgt]?$' },
        ],
        description: 'Memory of each agent: "16G", or megabytes',
      },
      account: text('Whom its time is charged to'),
      constraint: text('Features that its node must have'),
      qos: text('Quality of service'),
      arguments: { type: 'array', items: { type: 'string' }, description: 'More arguments of sbatch' },
    },
  },

  max: entry => entry.max,

  async open(entry, context) {
    const notes = await Notes.open(context.folder, notesSchema, () => ({ name: newFleetName() }));
    const fleet = new SlurmFleet(entry, context, notes.content.name);
    await fleet.tryOut();
    return fleet;
  },

  preview(entry) {
    const more = sbatchArguments(entry, { name: 'gridfarm-NAME', logs: 'LOGS', count: entry.max });
    return `sbatch ${more.map(word => (/^[\w@%=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ')} < SCRIPT\n`;
  },

  async check(_, environment) {
    const missing: string[] = [];
    for (const program of ['sbatch', 'squeue', 'scontrol', 'scancel']) {
      const said = await call(program, ['--version'], { environment });
      if (!said.isDone) missing.push(said.words);
    }
    if (missing.length > 0) return missing;
    const ping = await call('scontrol', ['ping'], { environment });
    return ping.isDone ? [] : [`slurmctld doesn't answer: ${ping.words}`];
  },
};

const notesSchema = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: { name: fleetNameSchema },
};

/** Slurm's largest array by default (MaxArraySize 1001). */
const longestArray = 1000;
/** What the programs say when slurmctld is away, restarts, or has too much to do: no refusal. */
const away =
  /unable to contact|connect failure|connection (refused|reset)|timed out|temporarily un|zero bytes|unexpected message|try again|backup mode/i;

const agentName =
  `slurm\${SLURM_CLUSTER_NAME:+-$SLURM_CLUSTER_NAME}-\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID` +
  `\${SLURM_RESTART_COUNT:+.$SLURM_RESTART_COUNT}`;

/** Of `count` agents. `logs`: folder. */
function sbatchArguments(
  entry: SlurmEntry,
  { name, logs, count }: { name: string; logs: string; count: number },
): string[] {
  const seconds = slurmSeconds(entry.time ?? 0) ?? null;
  const keys = {
    'job-name': name,
    array: `1-${count}%${Math.min(count, entry.throttle ?? entry.max)}`,
    nodes: 1,
    ntasks: 1,
    signal: `B:TERM@${seconds === null ? 300 : warningSeconds(seconds)}`,
    output: join(logs, '%A_%a.log'),
    'open-mode': 'append',
    partition: entry.partition,
    gres: entry.gres,
    time: entry.time,
    'cpus-per-task': entry.cpus,
    mem: entry.memory,
    account: entry.account,
    constraint: entry.constraint,
    qos: entry.qos,
  };
  const given = Object.entries(keys).filter(([, value]) => value !== undefined);
  return [...given.map(([key, value]) => `--${key}=${value}`), '--requeue', ...(entry.arguments ?? [])];
}

class SlurmFleet implements Fleet {
  /** What was seen last, for while slurmctld doesn't answer. */
  #seen: FleetState = { waiting: 0, running: 0 };

  constructor(
    private readonly entry: SlurmEntry,
    private readonly context: LaunchContext,
    /** Of all its jobs: those of an earlier `grid run`, and those whose sbatch got no answer, are found by it. */
    private readonly jobName: string,
  ) {}

  /** Whether Slurm would take such a job, without one. One that doesn't answer now may later. */
  async tryOut(): Promise<void> {
    const said = await this.#run('sbatch', ['--test-only', ...this.#arguments(1)], '#!/bin/sh\n');
    if (said.isMissing) throw new GridfarmError('environment', `${this.context.entry}: ${said.words}`);
    if (!said.isDone && !isAway(said))
      throw new GridfarmError('grid', `${this.context.entry}: Slurm takes no such job: ${said.words}`);
  }

  async start(count: number): Promise<void> {
    const script = await this.context.agentScript({
      // A requeued task may run beside its former self: each has a name of its own.
      nameFrom: agentName,
      arguments: agentHours(this.entry.time),
    });
    for (let left = count; left > 0; left -= longestArray) {
      const said = await this.#run(
        'sbatch',
        ['--parsable', ...this.#arguments(Math.min(left, longestArray))],
        script,
      );
      if (said.isDone) continue;
      // It may have been taken all the same: the next look tells.
      if (isAway(said)) return;
      throw new GridfarmError('environment', `sbatch: ${said.words}`);
    }
  }

  async look(): Promise<FleetState> {
    const squeue = await this.#run('squeue', [
      ...['--noheader', '--array', '--me', '--name', this.jobName],
      ...['--states', 'all', '--format', '%T|%r'],
    ]);
    if (squeue.isDone) this.#seen = fleetOf(parseSqueue(squeue.stdout));
    // The same daemon answers both: away for one, it is away for the other.
    else if (isAway(squeue)) return { ...this.#seen, trouble: `Slurm doesn't answer: ${squeue.words}` };
    else {
      const scontrol = await this.#run('scontrol', ['--oneliner', 'show', 'job']);
      if (!scontrol.isDone) return { ...this.#seen, trouble: `Slurm doesn't answer: ${squeue.words}` };
      this.#seen = fleetOf(parseScontrol(scontrol.stdout, this.jobName));
    }
    return this.#seen;
  }

  async stop(what: 'waiting' | 'all'): Promise<void> {
    const which = ['--name', this.jobName, ...(what === 'waiting' ? ['--state', 'PENDING'] : [])];
    const said = await this.#run('scancel', which);
    if (!said.isDone)
      this.context.say(
        `${this.context.entry}: its jobs couldn't be taken back: ${said.words}; later: scancel ${which.join(' ')}`,
      );
  }

  async lastWords(): Promise<string | undefined> {
    return newestText(this.#logs);
  }

  get #logs(): string {
    return join(this.context.folder, 'logs');
  }

  #arguments(count: number): string[] {
    mkdirSync(this.#logs, { recursive: true });
    return sbatchArguments(this.entry, { name: this.jobName, logs: this.#logs, count });
  }

  #run(program: string, args: readonly string[], input?: string) {
    const { environment } = this.context;
    return call(program, args, { environment, ...(input !== undefined && { input }) });
  }
}

const isAway = ({ isLate, words }: { isLate: boolean; words: string }) => isLate || away.test(words);

/** Left of the limit for the running epoch, and for what is under way to the coordinator. */
const warningSeconds = (limit: number) => Math.min(300, Math.ceil(limit / 4));

function agentHours(time: string | number | undefined): string[] {
  const limit = slurmSeconds(time ?? 0) ?? null;
  return limit === null ? [] : ['--hours', `${Number(((limit - warningSeconds(limit)) / 3600).toFixed(4))}`];
}

/** The end of the newest file of a folder. */
function newestText(folder: string): string | undefined {
  try {
    const files = readdirSync(folder).map(name => join(folder, name));
    const newest = files.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs)[0];
    return newest === undefined ? undefined : oneLine(readFileSync(newest, 'utf8')) || undefined;
  } catch {
    return undefined;
  }
}
