import { setTimeout as sleep } from 'node:timers/promises';

const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** Pauses that grow from 1 s to a minute while something waits for the machine, up to a limit or the end of all waiting. */
export class Patience {
  /** When the waiting began, milliseconds since 1970; undefined while there is none. */
  sinceMs: number | undefined;
  /** The same by the monotonic clock, which nobody sets. */
  #began = 0;
  #nextPauseMs = firstPauseMs;

  constructor(
    readonly limitSeconds: number,
    readonly signal: AbortSignal,
  ) {}

  /** Begins to wait, unless it did before. */
  begin(): { sinceMs: number; untilMs: number } {
    if (this.sinceMs === undefined) {
      this.sinceMs = Date.now();
      this.#began = performance.now();
    }
    return { sinceMs: this.sinceMs, untilMs: this.sinceMs + this.limitSeconds * 1000 };
  }

  /** The next pause; false: no more, the limit is reached or nobody waits any longer. */
  async pause(): Promise<boolean> {
    this.begin();
    const left = this.limitSeconds * 1000 - (performance.now() - this.#began);
    if (left <= 0 || this.signal.aborted) return false;
    const pause = Math.min(this.#nextPauseMs, left);
    this.#nextPauseMs = Math.min(2 * this.#nextPauseMs, longestPauseMs);
    await sleep(pause, undefined, { signal: this.signal }).catch(() => {});
    return !this.signal.aborted;
  }

  /** What was waited for is there; the next wait begins anew. */
  reset(): void {
    this.sinceMs = undefined;
    this.#nextPauseMs = firstPauseMs;
  }
}
