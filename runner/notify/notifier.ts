import { latest } from '../readings/latest.js';
import { ResultsPaths } from '../store/run-paths.js';
import type { StoreWriter } from '../store/run-store.js';
import { isConditionOfMachine } from '../store/store-error.js';
import { Channel } from './channel.js';
import { type Digest, readDigest } from './digest.js';
import { keep, kept } from './kept.js';
import { lastLines } from './last-lines.js';
import type { News } from './news.js';
import { curvesOfBest } from './pictures/curves.js';
import type { Notice, Sender } from './sender.js';
import { actionsOf, digestMessage, failureActions, newsMessage } from './words.js';

const lookMs = 1000;
const logLines = 8;

export interface NotifierOptions {
  store: StoreWriter;
  results: string;
  grid: string;
  senders: readonly Sender[];
  /** The grid's report as one file, for its end; absent, or null: none. */
  report?(): Notice['file'] | null;
  say(words: string): void;
}

/** Tells people of a grid for as long as it is open: it looks at the store, and each place is told at its own pace. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #channels: Channel[];
  readonly #read: (isFinal?: boolean) => Digest;
  readonly #timer: NodeJS.Timeout;

  constructor(options: NotifierOptions) {
    this.#options = options;
    const { store, grid, results, senders, say } = options;
    this.#read = latest(store, () => readDigest(store, grid, results));
    this.#channels = senders.map(
      sender =>
        new Channel({
          ...{ sender, say },
          kept: kept(store, grid, sender.name),
          keep: state => this.#try(() => keep(store, grid, sender.name, state)),
          newsNotice: (news, digest) => this.#newsNotice(news, digest),
          digestNotice: digest => ({
            event: 'digest',
            message: digestMessage(digest, Date.now()),
            actions: actionsOf(digest),
            data: { grid: digest.grid, counts: digest.counts },
          }),
        }),
    );
    this.#timer = setInterval(() => this.look(), lookMs);
    this.look();
  }

  look(isFinal = false): void {
    this.#try(() => {
      const digest = this.#read(isFinal);
      for (const channel of this.#channels) channel.update(digest);
    });
  }

  /** Tells how it ended, and waits for that so long at most. */
  async close(patienceMs: number): Promise<void> {
    clearInterval(this.#timer);
    this.look(true);
    await Promise.all(this.#channels.map(channel => channel.close(patienceMs)));
  }

  #newsNotice(news: News, digest: Digest): Notice {
    const { store, results, grid } = this.#options;
    const isFailure = news.kind === 'cellFailed';
    const log = isFailure ? lastLines(new ResultsPaths(results).cell(news.cell).log, logLines) : [];
    const isEnd = news.kind === 'gridFinished' || news.kind === 'gridStopped';
    const picture = isEnd ? curvesOfBest(store, digest) : undefined;
    const file = isEnd ? this.#report() : null;
    const { kind: event, ...data } = news;
    return {
      ...{ event, data: { grid, ...data }, message: newsMessage(grid, news, digest, log) },
      ...(picture !== undefined && { picture }),
      ...(file !== null && { file }),
      ...(isFailure && { actions: failureActions(news.cell) }),
    };
  }

  /** One that can't be made is no reason to say nothing. */
  #report(): NonNullable<Notice['file']> | null {
    try {
      return this.#options.report?.() ?? null;
    } catch (error) {
      this.#options.say(`the report can't be made: ${(error as Error).message}`);
      return null;
    }
  }

  /** A full disk, another's long transaction: at the next look. */
  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!isConditionOfMachine(error)) throw error;
    }
  }
}
