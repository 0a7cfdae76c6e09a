import type { DataProblem } from '../contract/events.js';

/** The data can't be used. `problems` holds all that was found; `key` is the first one's key of the DataSpec. */
export class DataError extends Error {
  override readonly name = 'DataError';
  readonly key: string;
  readonly problems: readonly DataProblem[];

  constructor(problems: readonly DataProblem[], options?: ErrorOptions) {
    super(problems.map(({ key, message }) => `data.${key}: ${message}`).join('\n'), options);
    this.key = problems[0]!.key;
    this.problems = problems;
  }
}

/** Of each kind of problem so many are listed, the others counted. */
const listed = 5;

/** Collects problems: all at once, but not a line for each of a million bad rows. */
export class Problems {
  readonly #kinds = new Map<string, { problem: DataProblem; others: string[]; count: number }>();

  /**
   * Adds an error. Errors of the same key and message are one problem: `message` says what is wrong and what was expected,
   * `where` (a line, a file) lists the first places.
   */
  error(key: string, message: string, where?: string): void {
    this.#add('error', key, message, where);
  }

  /** Like `error`, of something that doesn't stop a run. */
  warning(key: string, message: string, where?: string): void {
    this.#add('warning', key, message, where);
  }

  #add(severity: DataProblem['severity'], key: string, message: string, where?: string): void {
    const kind = `${severity}|${key}|${message}`;
    const known = this.#kinds.get(kind);
    if (known) {
      known.count++;
      if (where !== undefined && known.others.length < listed) known.others.push(where);
    } else {
      const others = where === undefined ? [] : [where];
      this.#kinds.set(kind, { problem: { severity, key, message }, others, count: 1 });
    }
  }

  /** Errors so far. */
  get errorCount(): number {
    let sum = 0;
    for (const { problem, count } of this.#kinds.values()) if (problem.severity === 'error') sum += count;
    return sum;
  }

  get list(): DataProblem[] {
    return [...this.#kinds.values()].map(({ problem, others, count }) => {
      if (others.length === 0) return problem;
      const more = count > others.length ? `, … and ${count - others.length} more` : '';
      return { ...problem, message: `${problem.message}: ${others.join(', ')}${more}` };
    });
  }

  /** Throws a DataError if there is any error. */
  throwIfAny(): void {
    const errors = this.list.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new DataError(errors);
  }
}
