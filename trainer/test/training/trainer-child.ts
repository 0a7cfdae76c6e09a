import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { TrainerEvent, TrainerRequest } from '../../contract/events.js';

/** A trainer in a process of its own, as the runner drives it. */
export class TrainerChild {
  readonly events: TrainerEvent[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  readonly #failed: Promise<never>;
  #fail!: (reason: Error) => void;
  #waiting: { matches(event: TrainerEvent): boolean; resolve(event: TrainerEvent): void }[] = [];

  /** `program`: path of the compiled program, relative to this file. */
  constructor(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    const path = fileURLToPath(new URL(program, import.meta.url));
    this.#child = spawn(process.execPath, [path, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    // A killed process closes its stdin under a request.
    this.#child.stdin!.on('error', () => {});
    this.#ended = once(this.#child, 'exit');
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {});
    createInterface({ input: this.#child.stdout! }).on('line', line => this.#receive(JSON.parse(line)));
  }

  send(request: TrainerRequest): void {
    this.#child.stdin!.write(`${JSON.stringify(request)}\n`);
  }

  /** The first event, past or future, that matches; rejects when the run fails or the process ends before it. */
  event(matches: (event: TrainerEvent) => boolean): Promise<TrainerEvent> {
    const past = this.events.find(matches);
    if (past !== undefined) return Promise.resolve(past);
    const future = new Promise<TrainerEvent>(resolve => this.#waiting.push({ matches, resolve }));
    const end = this.#ended.then(() => {
      throw new Error(`the trainer ended; its last event is ${JSON.stringify(this.events.at(-1))}`);
    });
    return Promise.race([future, end, this.#failed]);
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Ends its stdin; resolves to the exit code. */
  async end(): Promise<number | null> {
    this.#child.stdin!.end();
    await this.#ended;
    return this.#child.exitCode;
  }

  #receive(event: TrainerEvent): void {
    this.events.push(event);
    if (event.type === 'failed') this.#fail(new Error(JSON.stringify(event)));
    for (const waiting of this.#waiting) if (waiting.matches(event)) waiting.resolve(event);
    this.#waiting = this.#waiting.filter(({ matches }) => !matches(event));
  }
}
