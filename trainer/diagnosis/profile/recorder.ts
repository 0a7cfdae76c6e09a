import type { Phase, ProfileEntry } from '../../contract/profile.js';

/** Adds up the time of kernels by where in the step they run, and that of the step's phases. */
export class Recorder {
  #phase: Phase = 'input';
  #layer = '(images)';
  /** Time of the kernels inside of the running one. */
  #inner = 0;
  readonly #entries = new Map<string, ProfileEntry>();
  readonly #phases: Record<Phase, number> = { input: 0, forward: 0, backward: 0, update: 0 };
  /** When the phase began; null outside of timed steps. */
  #since: number | null = null;

  get layer(): string {
    return this.#layer;
  }

  /** A step begins that is to be timed. */
  start(): void {
    this.#since = performance.now();
    this.enter('input', '(images)');
  }

  /** What follows belongs there. */
  enter(phase: Phase, layer: string): void {
    if (this.#since !== null) {
      const now = performance.now();
      this.#phases[this.#phase] += now - this.#since;
      this.#since = now;
    }
    this.#phase = phase;
    this.#layer = layer;
  }

  /** The step is over. */
  stop(): void {
    this.enter(this.#phase, this.#layer);
    this.#since = null;
  }

  /** Runs a kernel; its time is its own, without that of kernels that it calls. */
  readonly around = <T>(op: string, run: () => T): T => {
    const start = performance.now();
    const outer = this.#inner;
    this.#inner = 0;
    try {
      return run();
    } finally {
      const total = performance.now() - start;
      this.#add(op, total - this.#inner);
      this.#inner = outer + total;
    }
  };

  /** Means of so many steps. */
  entries(steps: number): ProfileEntry[] {
    return [...this.#entries.values()].map(entry => ({
      ...entry,
      calls: entry.calls / steps,
      milliseconds: entry.milliseconds / steps,
    }));
  }

  /** Milliseconds of each phase, with what happens between its kernels: means of so many steps. */
  phases(steps: number): Record<Phase, number> {
    const means = Object.entries(this.#phases).map(([phase, sum]) => [phase, sum / steps]);
    return Object.fromEntries(means);
  }

  #add(op: string, milliseconds: number): void {
    const key = `${this.#phase} ${this.#layer} ${op}`;
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { phase: this.#phase, layer: this.#layer, op, calls: 0, milliseconds: 0 };
      this.#entries.set(key, entry);
    }
    entry.calls++;
    entry.milliseconds += milliseconds;
  }
}
