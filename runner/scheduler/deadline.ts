/** Node's timers know no longer time, 24.8 days: what is longer would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/** A timer that can be stopped for a while: only time in which it runs counts. */
export class Deadline {
  #leftMs: number;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `seconds`: null for none. */
  constructor(
    seconds: number | null,
    readonly onOver: () => void,
  ) {
    this.#leftMs = seconds === null ? Number.POSITIVE_INFINITY : seconds * 1000;
  }

  /** Does nothing while it runs. */
  start(): void {
    if (this.#timer !== undefined || this.#leftMs === Number.POSITIVE_INFINITY) return;
    this.#startedAt = performance.now();
    this.#timer = setTimeout(this.onOver, Math.min(this.#leftMs, longestTimerMs));
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leftMs = Math.max(0, this.#leftMs - (performance.now() - this.#startedAt));
  }
}
