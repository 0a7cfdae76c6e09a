/** What a user lets a `grid run` take: time, and money. */

export interface RunLimits {
  maxHours?: number | undefined;
  /** Milliseconds since 1970. */
  deadlineMs?: number | undefined;
  /** In the unit of the slots' prices. */
  budget?: number | undefined;
}

const lookMs = 500;

/**
 * Adds up time and money from now on, and tells once when one of them is used up. Slots cost as long as they are open, whether
 * they work or not.
 *
 * @param pricePerHour of all slots that are open now, together
 */
export class LimitWatch {
  readonly #timer: NodeJS.Timeout;
  readonly #start = performance.now();
  #last = this.#start;
  #spent = 0;

  constructor(
    private readonly limits: RunLimits,
    private readonly pricePerHour: () => number,
    private readonly onOver: (limit: string) => void,
  ) {
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#look();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const now = performance.now();
    this.#spent += (this.pricePerHour() * (now - this.#last)) / 3_600_000;
    this.#last = now;
    const over = this.#over(now);
    if (over === undefined) return;
    this.end();
    this.onOver(over);
  }

  #over(now: number): string | undefined {
    const { maxHours, deadlineMs, budget } = this.limits;
    if (maxHours !== undefined && now - this.#start >= maxHours * 3_600_000)
      return `--max-hours ${maxHours} is over`;
    if (deadlineMs !== undefined && Date.now() >= deadlineMs)
      return `the deadline, ${new Date(deadlineMs).toISOString()}, is here`;
    if (budget !== undefined && this.#spent >= budget) return `the budget of ${budget} is used up`;
    return undefined;
  }
}
