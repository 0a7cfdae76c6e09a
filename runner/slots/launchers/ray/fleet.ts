import { anyText, flag, integer, listOf, natural, shape } from '../../../../trainer/contract/shape.js';
import { fittingJson } from '../../../../trainer/files/checked-json.js';
import { GridfarmError } from '../../../domain/error.js';
import { oneLine } from '../call.js';
import type { Fleet, FleetState, LaunchContext } from '../launcher.js';
import { fleetNameSchema, type Notes, newFleetName } from '../notes.js';
import { isAway, isKnown, type RayApi, type RayJob } from './api.js';
import { askedOf, type RayEntry, resourceWords, slotsScript } from './entry.js';

/** What is kept from one `grid run` to the next. */
export interface RayNotes {
  fleet: string;
  /** Number of the job that is submitted next: it may be known already, where an answer was lost. */
  next: number;
  /** Jobs that are to be submitted. */
  pending: number;
  /** Numbers of jobs that were stopped before they began: Ray keeps them waiting until it could begin them. */
  takenBack: number[];
}

export const rayNotesSchema = shape<RayNotes>({
  fleet: fleetNameSchema,
  next: integer,
  pending: natural,
  takenBack: listOf(integer),
});

export const beginNotes = (): RayNotes => ({ fleet: newFleetName(), next: 1, pending: 0, takenBack: [] });

/** Until Ray ends a job by force that it was asked to stop; by default 3 s. */
const graceSeconds = 30;
/** When it is told that jobs wait. */
const patienceMs = 60_000;

interface OwnJob extends RayJob {
  id: string;
  number: number;
}

const isWaiting = ({ status }: RayJob) => status === 'PENDING';
const hasEnded = ({ status }: RayJob) => ['STOPPED', 'SUCCEEDED', 'FAILED'].includes(status);
/** Ray fails what it couldn't begin for 15 minutes (RAY_JOB_START_TIMEOUT_SECONDS of its head). */
const hadNoRoom = ({ status, message }: RayJob) =>
  status === 'FAILED' && /failed to start within/.test(message ?? '');

/** Jobs of one entry: `gridfarm-5f3a9c1b2d-1`, … */
export class RayFleet implements Fleet {
  /** What was seen last, for while the head doesn't answer. */
  #seen: FleetState = { waiting: 0, running: 0 };
  #waitingSince: number | undefined;

  constructor(
    private readonly entry: RayEntry,
    private readonly context: LaunchContext,
    private readonly api: RayApi,
    private readonly notes: Notes<RayNotes>,
  ) {}

  async start(count: number): Promise<void> {
    // Noted first: what an answer was lost of is submitted again under the same number, and nothing twice.
    await this.#note({ pending: this.notes.content.pending + count });
    await this.#submitPending();
  }

  async look(): Promise<FleetState> {
    try {
      await this.#submitPending();
    } catch (error) {
      return { ...this.#seen, trouble: (error as Error).message };
    }
    const jobs = await this.#jobs();
    if (typeof jobs === 'string') return { ...this.#seen, trouble: `Ray's head doesn't answer: ${jobs}` };
    await this.#forget(jobs.filter(hasEnded));
    const { takenBack } = this.notes.content;
    const live = jobs.filter(job => !hasEnded(job));
    const stillTakenBack = takenBack.filter(number => live.some(job => job.number === number));
    if (stillTakenBack.length < takenBack.length) await this.#note({ takenBack: stillTakenBack });
    return this.#stateOf(live.filter(job => !takenBack.includes(job.number)));
  }

  #stateOf(live: readonly OwnJob[]): FleetState {
    const { pending } = this.notes.content;
    const waiting = live.filter(isWaiting).length;
    this.#seen = { waiting: waiting + pending, running: live.length - waiting };
    this.#tellOfWaiting(waiting);
    const unasked = `Ray's head doesn't answer: ${pending} job${pending === 1 ? '' : 's'} couldn't be submitted yet`;
    return pending > 0 ? { ...this.#seen, trouble: unasked } : this.#seen;
  }

  async stop(what: 'waiting' | 'all'): Promise<void> {
    await this.#note({ pending: 0 });
    const jobs = await this.#jobs();
    if (typeof jobs === 'string') return this.#couldNotStop(jobs);
    for (const job of jobs) {
      const { takenBack } = this.notes.content;
      if (hasEnded(job) || takenBack.includes(job.number) || (what === 'waiting' && !isWaiting(job)))
        continue;
      const { status, words, body } = await this.api.ask('POST', `/api/jobs/${job.id}/stop`);
      if (status !== 200 && status !== 404) return this.#couldNotStop(words);
      const isStopped = fittingJson<{ stopped: boolean }>(body, stopSchema)?.stopped === true;
      if (isStopped && isWaiting(job)) await this.#note({ takenBack: [...takenBack, job.number] });
    }
  }

  async lastWords(): Promise<string | undefined> {
    const jobs = await this.#jobs();
    const newest = typeof jobs === 'string' ? undefined : jobs.filter(hasEnded).at(-1);
    if (newest === undefined) return undefined;
    const { status, body } = await this.api.ask('GET', `/api/jobs/${newest.id}/logs`);
    const logs = status === 200 ? fittingJson<{ logs: string }>(body, logsSchema)?.logs : undefined;
    // Ray's own lines come first, with the time.
    const own = (logs ?? '')
      .split('\n')
      .filter(line => !/^\d{4}-\d\d-\d\d \S+\tINFO |^Running entrypoint for job /.test(line));
    return oneLine(own.join('\n')) || oneLine(newest.message ?? '') || undefined;
  }

  /** Throws with words for the user if one is refused: no more are asked for then. */
  async #submitPending(): Promise<void> {
    while (this.notes.content.pending > 0) {
      const { next, pending } = this.notes.content;
      const answer = await this.#submit(next);
      // It may have been taken all the same: the next look asks again.
      if (!isKnown(answer) && isAway(answer)) return;
      if (!isKnown(answer) && answer.status !== 200) {
        await this.#note({ pending: 0 });
        throw new GridfarmError('environment', `Ray takes no such job: ${answer.words}`);
      }
      await this.#note({ next: next + 1, pending: pending - 1 });
    }
  }

  async #submit(number: number) {
    const { fleet } = this.notes.content;
    const name = `ray-${fleet.slice(-4)}-${number}`;
    const script = await this.context.agentScript({
      name,
      home: `$cache/agents/${name}`,
      setup: slotsScript(this.entry),
      arguments: ['--slots', '/dev/fd/3'],
    });
    return this.api.ask('POST', '/api/jobs/', {
      submission_id: `${fleet}-${number}`,
      // Ray replaces $NAME in variables.
      entrypoint: 'exec sh -c "$(printf %s "$GRIDFARM_AGENT_SCRIPT" | base64 -d)"',
      runtime_env: {
        env_vars: {
          GRIDFARM_AGENT_SCRIPT: Buffer.from(script).toString('base64'),
          RAY_JOB_STOP_WAIT_TIME_S: `${graceSeconds}`,
        },
      },
      ...askedOf(this.entry),
    });
  }

  /** Those of this entry, in the order of their numbers; others use the cluster as well. In place of them, why they can't be told. */
  async #jobs(): Promise<OwnJob[] | string> {
    const jobs = await this.api.jobs();
    if (typeof jobs === 'string') return jobs;
    const prefix = `${this.notes.content.fleet}-`;
    return jobs
      .flatMap(job => {
        const id = job.submission_id ?? '';
        const number = Number(id.slice(prefix.length));
        return id.startsWith(prefix) && Number.isInteger(number) ? [{ ...job, id, number }] : [];
      })
      .sort((one, other) => one.number - other.number);
  }

  /**
   * The head would keep those that have ended, with their scripts; of the newest the words may be asked for. What Ray had no room for in
   * its time is asked for again, unless it was taken back.
   */
  async #forget(ended: readonly OwnJob[]): Promise<void> {
    const newest = ended.findLast(job => !hadNoRoom(job));
    for (const job of ended) {
      if (job === newest) continue;
      const { status } = await this.api.ask('DELETE', `/api/jobs/${job.id}`);
      const { takenBack, pending } = this.notes.content;
      if (status === 200 && hadNoRoom(job) && !takenBack.includes(job.number))
        await this.#note({ pending: pending + 1 });
    }
  }

  /** No trouble: the cluster may be at work for others. But nobody sees from here whether it ever has such room. */
  #tellOfWaiting(waiting: number): void {
    const now = performance.now();
    if (waiting === 0) this.#waitingSince = undefined;
    else this.#waitingSince ??= now;
    if (this.#waitingSince === undefined || now - this.#waitingSince < patienceMs) return;
    this.#waitingSince = Number.POSITIVE_INFINITY;
    const which = waiting === 1 ? '1 job waits' : `${waiting} jobs wait`;
    this.context.say(
      `${this.context.entry}: ${which} until Ray has ${resourceWords(this.entry)} left on a node; \`ray status\` shows whether one ever will`,
    );
  }

  async #note(change: Partial<RayNotes>): Promise<void> {
    await this.notes.write({ ...this.notes.content, ...change });
  }

  #couldNotStop(words: string): void {
    const id = `${this.notes.content.fleet}-NUMBER`;
    this.context.say(
      `${this.context.entry}: its jobs couldn't be stopped: ${words}; later: ray job stop --address ${this.entry.address} ${id}`,
    );
  }
}

const logsSchema = shape<{ logs: string }>({ logs: anyText });
const stopSchema = shape<{ stopped: boolean }>({ stopped: flag });
