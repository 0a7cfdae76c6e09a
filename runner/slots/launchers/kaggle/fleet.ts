import { listOf, shape } from '../../../../trainer/contract/shape.js';
import { GridfarmError } from '../../../domain/error.js';
import type { Fleet, FleetState, LaunchContext } from '../launcher.js';
import type { Notes } from '../notes.js';
import { type KaggleApi, KaggleError } from './api.js';
import {
  acceleratorOf,
  agentHours,
  type KaggleEntry,
  kernelRequest,
  noAccelerator,
  slotsFile,
} from './kernel.js';
import { gpuQuota } from './quota.js';

interface NotedKernel {
  slug: string;
  /** By this machine's clock. */
  pushedMs: number;
}

export interface KaggleNotes {
  fleet: string;
  /** Number of the next kernel. */
  next: number;
  /** Those that may be there yet. */
  kernels: NotedKernel[];
}

interface Pushed {
  url?: string;
  error?: string;
  invalidDatasetSources?: string[];
}
interface Session {
  status?: string;
  failureMessage?: string;
}
const string = { type: 'string' };
const pushedSchema = shape<Pushed>({ url: string, error: string, invalidDatasetSources: listOf(string) }, [
  ...(['url', 'error', 'invalidDatasetSources'] as const),
]);
const sessionSchema = shape<Session>({ status: string, failureMessage: string }, [
  'status',
  'failureMessage',
]);

const longestSeconds = 12 * 3600;
/** Less isn't worth its start. */
const shortestSeconds = 900;
/** How long one that Kaggle doesn't know (yet) is believed in. */
const settleMs = 120_000;
/** Until the account is asked again whether it has room. */
const pauseMs = 600_000;

export class KaggleFleet implements Fleet {
  #seen: FleetState = { waiting: 0, running: 0 };
  #lastWords: string | undefined;
  #pause: { untilMs: number; words: string } | undefined;

  constructor(
    private readonly entry: KaggleEntry,
    private readonly context: LaunchContext,
    private readonly api: KaggleApi,
    private readonly notes: Notes<KaggleNotes>,
  ) {}

  async start(count: number): Promise<void> {
    try {
      for (let left = count; left > 0; left--) {
        const seconds = await this.#sessionSeconds(left);
        if (seconds === undefined || !(await this.#push(seconds))) return;
      }
    } catch (error) {
      if (!(error instanceof KaggleError)) throw error;
      // It may have been taken all the same: the next look tells.
      if (error.isAway) this.#wait(`Kaggle doesn't answer: ${error.message}`, pauseMs / 10);
      else throw new GridfarmError('environment', error.message, { cause: error });
    }
  }

  async look(): Promise<FleetState> {
    try {
      const user = await this.api.user();
      const state = { waiting: 0, running: 0 };
      for (const kernel of this.notes.content.kernels) {
        const where = await this.#whereIs(user, kernel);
        if (where === 'ended') await this.#forget(kernel);
        else state[where]++;
      }
      this.#seen = state;
    } catch (error) {
      return { ...this.#seen, trouble: `Kaggle doesn't answer: ${(error as Error).message}` };
    }
    if (this.#pause !== undefined && performance.now() >= this.#pause.untilMs) this.#pause = undefined;
    return this.#pause === undefined ? this.#seen : { ...this.#seen, trouble: this.#pause.words };
  }

  /** Kaggle lets no session be cancelled from outside: an agent ends when its lease, its grid or its session does. */
  async stop(what: 'waiting' | 'all'): Promise<void> {
    const { waiting, running } = await this.look();
    const count = what === 'all' ? waiting + running : waiting;
    if (count > 0)
      this.context.say(
        `${this.context.entry}: Kaggle lets no kernel be ended from outside: ${count === 1 ? 'one ends' : `${count} end`} as soon as the agent in it finds its grid over; sooner by hand at https://www.kaggle.com/work/code`,
      );
  }

  async lastWords(): Promise<string | undefined> {
    return this.#lastWords;
  }

  /** How long one of `count` sessions may last; undefined: not long enough. */
  async #sessionSeconds(count: number): Promise<number | undefined> {
    const asked = this.entry.hours === undefined ? longestSeconds : this.entry.hours * 3600;
    if (acceleratorOf(this.entry) === noAccelerator) return asked;
    const { leftSeconds = Number.POSITIVE_INFINITY, words } = await gpuQuota(this.api);
    const seconds = Math.min(asked, leftSeconds / count);
    if (seconds >= shortestSeconds) return seconds;
    // One longer session instead of several that are too short.
    if (leftSeconds >= shortestSeconds) return Math.min(asked, leftSeconds);
    this.#wait(`too little GPU time is left this week: ${words}`);
    return undefined;
  }

  /** False: the account has no room now. */
  async #push(sessionSeconds: number): Promise<boolean> {
    const user = await this.api.user();
    const { fleet, next } = this.notes.content;
    const kernel = { slug: `${fleet}-${next}`, pushedMs: Date.now() };
    const name = `kaggle-${fleet.slice(-4)}-${next}`;
    const script = await this.context.agentScript({
      name,
      home: `$cache/agents/${name}`,
      arguments: ['--hours', agentHours(sessionSeconds)],
      ...(this.entry.data !== undefined && { slotsFile: slotsFile(this.entry.data) }),
      // Who may read the kernel gets in with it no more once its agent has.
      once: true,
    });
    await this.notes.write({ fleet, next: next + 1, kernels: [...this.notes.content.kernels, kernel] });
    const request = kernelRequest(this.entry, { user, slug: kernel.slug, sessionSeconds, script });
    const pushed = await this.api
      .call<Pushed>('kernels.KernelsApiService/SaveKernel', request, pushedSchema)
      .catch(async error => {
        if (!(error instanceof KaggleError && error.isAway)) await this.#forget(kernel);
        throw error;
      });
    // A refusal comes as a success.
    if (pushed.error) {
      await this.#forget(kernel);
      if (!/session|quota|limit|maximum/i.test(pushed.error))
        throw new GridfarmError('environment', `Kaggle takes no such kernel: ${pushed.error}`);
      this.#wait(`Kaggle has no room for a kernel of ${user}: ${pushed.error}`);
      return false;
    }
    const unknown = pushed.invalidDatasetSources ?? [];
    if (unknown.length > 0)
      this.context.say(
        `${this.context.entry}: ${user} has no datasets ${unknown.join(', ')}: mend datasets:; the kernel runs without (${pushed.url ?? kernel.slug})`,
      );
    return true;
  }

  async #whereIs(user: string, { slug, pushedMs }: NotedKernel): Promise<'waiting' | 'running' | 'ended'> {
    const method = 'kernels.KernelsApiService/GetKernelSessionStatus';
    try {
      const asked = { userName: user, kernelSlug: slug };
      const { status = 'QUEUED', failureMessage } = await this.api.call<Session>(
        method,
        asked,
        sessionSchema,
      );
      // The API's enumerations come with a prefix in some versions.
      const name = status.replace(/^KERNEL_WORKER_STATUS_/, '');
      if (name === 'QUEUED' || name === 'NEW_SCRIPT') return 'waiting';
      if (!['COMPLETE', 'ERROR', 'CANCEL_ACKNOWLEDGED'].includes(name)) return 'running';
      this.#lastWords = `${failureMessage || `it is ${name}`}; its log: https://www.kaggle.com/code/${user}/${slug}`;
      return 'ended';
    } catch (error) {
      if (!(error instanceof KaggleError) || (error.status !== 404 && error.status !== 403)) throw error;
      return Date.now() - pushedMs < settleMs ? 'waiting' : 'ended';
    }
  }

  #wait(words: string, forMs = pauseMs): void {
    this.#pause = { untilMs: performance.now() + forMs, words };
  }

  async #forget({ slug }: NotedKernel): Promise<void> {
    const { content } = this.notes;
    await this.notes.write({ ...content, kernels: content.kernels.filter(each => each.slug !== slug) });
  }
}
