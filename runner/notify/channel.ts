import { setTimeout as sleep } from 'node:timers/promises';
import type { Digest } from './digest.js';
import type { Kept } from './kept.js';
import { knowing, type News, newsOf } from './news.js';
import { type Notice, SendError, type Sender, sendMs } from './sender.js';
import { messageText } from './text.js';

/** Pauses after something could not be sent. */
const firstPauseMs = 2000;
const longestPauseMs = 300_000;

export interface ChannelOptions {
  sender: Sender;
  /** Of an earlier process; undefined: none. */
  kept: Kept | undefined;
  keep(state: Kept): void;
  newsNotice(news: News, digest: Digest): Notice;
  digestNotice(digest: Digest): Notice;
  /** For whoever looks at the terminal. */
  say(words: string): void;
}

/**
 * Tells one place of one grid, at its own pace. What is to be said is made when it is sent, from the newest digest and from what
 * was told before, so that however long the place is away nothing piles up, and nothing is said twice.
 */
export class Channel {
  readonly #options: ChannelOptions;
  #digest: Digest | undefined;
  #kept: Kept | undefined;
  #wake: (() => void) | undefined;
  #isClosing = false;
  readonly #ended = new AbortController();
  #pauseMs = firstPauseMs;
  /** Nothing is sent before (`performance.now`); a digest not before the other. */
  #readyMs = 0;
  #digestMs = 0;
  #isInTrouble = false;
  /** Of the news that are being told, in case that one of the others has to be tried again. */
  readonly #sent = new Set<string>();
  readonly #working: Promise<void>;

  constructor(options: ChannelOptions) {
    this.#options = options;
    this.#kept = options.kept;
    this.#working = this.#work();
  }

  /** How the grid is now. */
  update(digest: Digest): void {
    // Who is told of it for the first time knows nothing of what was before, and need not.
    this.#kept ??= { digest: null, text: null, told: { ...knowing(digest), isOver: false } };
    this.#digest = digest;
    this.#wake?.();
  }

  /** Tells what is left to be told, for so long at most; a place that is in trouble isn't waited for. */
  async close(patienceMs: number): Promise<void> {
    this.#isClosing = true;
    this.#wake?.();
    const timer = setTimeout(() => this.#ended.abort(), this.#isInTrouble ? 0 : patienceMs);
    await this.#working;
    clearTimeout(timer);
  }

  async #work(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const next = this.#next();
      if (next === undefined) {
        if (this.#isClosing) return;
        await new Promise<void>(resolve => {
          this.#wake = resolve;
        });
        continue;
      }
      const waitMs = next.fromMs - performance.now();
      if (waitMs > 0) {
        // What is to be said may be something else after that.
        await this.#pause(waitMs);
        continue;
      }
      if (!(await this.#try(next.send))) return;
    }
  }

  /** What is to be sent now, and from when on; undefined: nothing. */
  #next(): { fromMs: number; send: (signal: AbortSignal) => Promise<void> } | undefined {
    const { sender, newsNotice, digestNotice } = this.#options;
    const digest = this.#digest;
    const state = this.#kept;
    if (digest === undefined || state === undefined) return undefined;
    const { news, told } = newsOf(state.told, digest);
    if (news.length > 0)
      return {
        fromMs: this.#readyMs,
        send: async signal => {
          for (const each of news) {
            const key = JSON.stringify(each);
            if (this.#sent.has(key)) continue;
            await sender.post(newsNotice(each, digest), signal);
            this.#sent.add(key);
          }
          this.#sent.clear();
          this.#keep({ told });
        },
      };
    if (JSON.stringify(told) !== JSON.stringify(state.told)) this.#keep({ told });
    const notice = digestNotice(digest);
    const text = messageText(notice.message);
    if (!sender.edits || text === this.#kept!.text) return undefined;
    return {
      fromMs: Math.max(this.#readyMs, this.#isClosing ? 0 : this.#digestMs),
      send: async signal => {
        const id = this.#kept!.digest;
        const isEdited = id !== null && (await sender.edit(id, notice, signal)) === 'edited';
        const digest = isEdited ? id : await sender.post(notice, signal);
        this.#digestMs = performance.now() + sender.gapMs;
        this.#keep({ digest, text });
      },
    };
  }

  /** False: nothing will ever be sent there. */
  async #try(send: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const { sender, say } = this.#options;
    try {
      await send(AbortSignal.any([this.#ended.signal, AbortSignal.timeout(sendMs)]));
      if (this.#isInTrouble) say(`${sender.name}: told again`);
      this.#isInTrouble = false;
      this.#pauseMs = firstPauseMs;
      return true;
    } catch (error) {
      const { message } = error as Error;
      const how = error instanceof SendError ? error.how : {};
      if (how.final) {
        say(`${sender.name}: ${message}; nothing more is told there`);
        return false;
      }
      this.#readyMs = performance.now() + (how.retryAfterMs ?? this.#pauseMs);
      // To be asked for patience is no trouble.
      if (how.retryAfterMs !== undefined) return true;
      if (!this.#isInTrouble) say(`${sender.name}: ${message}; it is tried again, and the grid goes on`);
      this.#isInTrouble = true;
      this.#pauseMs = Math.min(longestPauseMs, 2 * this.#pauseMs);
      return true;
    }
  }

  async #pause(ms: number): Promise<void> {
    const woken = new AbortController();
    // A new digest needs no shorter wait; the end does.
    this.#wake = () => {
      if (this.#isClosing) woken.abort();
    };
    await sleep(ms, undefined, { signal: AbortSignal.any([woken.signal, this.#ended.signal]) }).catch(
      () => {},
    );
  }

  #keep(change: Partial<Kept>): void {
    this.#kept = { ...this.#kept!, ...change };
    this.#options.keep(this.#kept);
  }
}
