import { execa } from 'execa';
import type { TrainerRequest } from '../../trainer/contract/events.js';
import { machineCondition } from '../../trainer/contract/machine-conditions.js';
import { type Line, readLines } from './event-lines.js';
import { residentMegabytes, signalGroup } from './process-group.js';
import type { RunLog } from './run-log.js';

/** A killed process is gone within this, unless it hangs in the kernel: on a disk or a GPU that doesn't answer. */
const killPatienceMs = 10_000;
/** How long the pipes of a dead process may stay open (held by a program that it started) before its group is killed. */
const pipeGraceMs = 500;

export interface ProcessOptions {
  command: string[];
  cwd: string;
  environment: NodeJS.ProcessEnv;
}

/** How a process ended. `error`: it could not be started at all. */
export interface ProcessEnd {
  exitCode: number | undefined;
  signal: string | undefined;
  error: string | undefined;
  /** The condition of the machine that this comes of, if it does. */
  condition: string | undefined;
}

/** A trainer's process in a group of its own: a Ctrl-C in the terminal reaches the runner alone. */
export class TrainerProcess {
  readonly pid: number | undefined;
  /**
   * Settles, never rejects, when the process has ended and all that it wrote to stderr is in the log; or when it was killed
   * and hangs in the kernel, `isStuck`.
   */
  readonly ended: Promise<ProcessEnd>;
  readonly lines: AsyncGenerator<Line, undefined>;
  /** Where stderr goes now; between runs it is dropped. */
  log: Pick<RunLog, 'write'> | undefined;
  /** It has said that its engine is loaded. */
  isReady = false;
  /** It was killed in vain: it may still be at work. */
  isStuck = false;
  #alive = true;
  /** Its group is gone too: the id may name another process by now. */
  #gone = false;
  readonly #stdin;
  readonly #stdout;
  readonly #giveUp: () => void;
  #patience: NodeJS.Timeout | undefined;

  constructor({ command, cwd, environment }: ProcessOptions) {
    const [file, ...args] = command;
    const child = execa(file!, args, {
      cwd,
      env: environment,
      extendEnv: false,
      detached: true,
      reject: false,
      buffer: false,
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
    });
    this.pid = child.pid;
    this.#stdin = child.stdin;
    // Else execa lets it flow, and what comes before the first reader is lost.
    child.stdout.pause();
    this.#stdout = child.stdout;
    this.lines = readLines(child.stdout.iterator({ destroyOnReturn: false }));
    // A trainer that dies with a request unread must not end the runner by EPIPE.
    child.stdin.on('error', () => {});
    child.stderr.on('data', chunk => this.log?.write(chunk));
    child.once('exit', () => {
      this.#alive = false;
      // Programs that it started may hold the pipes open for ever; then nothing would ever end.
      setTimeout(() => this.kill(), pipeGraceMs).unref();
    });
    let settle!: (end: ProcessEnd) => void;
    const givenUp = new Promise<ProcessEnd>(resolve => {
      settle = resolve;
    });
    this.#giveUp = () => {
      const { exitCode, signalCode } = child;
      // Else it is gone, and a program that it started in a group of its own holds its pipes.
      this.isStuck = exitCode === null && signalCode === null;
      this.#alive = false;
      if (this.isStuck)
        this.log?.write(`process ${this.pid} was killed and doesn't end: it hangs in the kernel\n`);
      // Nothing waits for it any more, this process neither.
      for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy();
      child.unref();
      settle({
        exitCode: exitCode ?? undefined,
        signal: signalCode ?? undefined,
        error: undefined,
        condition: undefined,
      });
    };
    const ended = child.then(result => {
      this.kill();
      clearTimeout(this.#patience);
      this.#alive = false;
      this.#gone = true;
      return {
        exitCode: result.exitCode,
        signal: result.signal,
        error: this.pid === undefined ? (result.originalMessage ?? result.shortMessage) : undefined,
        // A program that may not be executed is the grid's mistake.
        condition: result.code === 'EACCES' ? undefined : machineCondition(result),
      };
    });
    this.ended = Promise.race([ended, givenUp]);
  }

  get alive(): boolean {
    return this.#alive && this.pid !== undefined;
  }

  send(request: TrainerRequest): void {
    if (this.#stdin.writable) this.#stdin.write(`${JSON.stringify(request)}\n`);
  }

  /** Tells it by the end of its stdin that it is no longer needed, waits `graceMs`, then kills it. */
  async finish(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.kill(), graceMs);
    this.#stdin.end();
    // Output that nobody reads any more must not keep it from ending.
    await this.lines.return(undefined);
    this.#stdout.on('data', () => {}).resume();
    await this.ended;
    clearTimeout(timer);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.pid !== undefined && !this.#gone) signalGroup(this.pid, signal);
  }

  kill(): void {
    // It serves no more runs, though its end may take a moment.
    this.#alive = false;
    if (this.pid === undefined || this.#gone) return;
    this.signal('SIGKILL');
    this.#patience ??= setTimeout(this.#giveUp, killPatienceMs);
  }

  /** Resident memory in MB, undefined once it has ended. */
  get memoryMegabytes(): number | undefined {
    return this.pid === undefined ? undefined : residentMegabytes(this.pid);
  }
}
