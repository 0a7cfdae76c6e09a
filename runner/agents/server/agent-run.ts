import type { RunRef } from '../../domain/run.js';
import type { RunLog } from '../../trainer-client/run-log.js';
import type { RunEvent, RunExit, RunHandle, SlotRun } from '../../trainer-client/trainer-run.js';
import type { Command, FileOffer } from '../messages.js';

/** An event that waits to be read; more than so many make the agent wait. */
const mostWaiting = 512;

/** A run on an agent, as its coordinator follows it. Events come in from number to number, and go out as they are read. */
export class AgentRun {
  /** Number of the next event; null: nobody has attached to it yet. */
  next: number | null = null;
  command: Command = 'go';
  /** The files that are there, as they were published last; undefined: to be looked up. */
  files: readonly FileOffer[] | undefined;
  /** What it is of; undefined: it is known by the agent's word alone. */
  given: SlotRun | undefined;
  #killedAt = Number.POSITIVE_INFINITY;
  #log: RunLog | undefined;
  #waiting: RunEvent[] = [];
  #wake: (() => void) | undefined;
  #exit: RunExit | undefined;
  #reader = 0;
  #onFollowed: (() => void)[] = [];
  #publishing: Promise<unknown> = Promise.resolve();

  constructor(
    readonly ref: RunRef,
    readonly cellId: string,
    readonly attempt: number,
    /** Told when the agent is to hear of a change. */
    private readonly onChange: () => void,
  ) {}

  /** Its end has come in, and nobody has asked since for what was before. */
  get isOver(): boolean {
    return this.#exit !== undefined;
  }

  /** Since it was to be killed, until it has ended; below 0: it wasn't. */
  get killedForMs(): number {
    return this.isOver ? Number.NEGATIVE_INFINITY : performance.now() - this.#killedAt;
  }

  /** What the trainer said beside its events: goes into the cell’s log. */
  log(words: string): void {
    this.#log?.write(words);
  }

  /** How many more events are taken now. */
  get room(): number {
    return this.next === null || this.isOver ? 0 : mostWaiting - this.#waiting.length;
  }

  /** Events from the next number on. */
  take(events: readonly RunEvent[]): void {
    for (const event of events) this.#waiting.push({ ...event, number: this.next!++ } as RunEvent);
    this.#wake?.();
  }

  /** One that isn't numbered: left out where nobody comes to reading. */
  pass(event: RunEvent): void {
    if (this.next === null || this.isOver || this.room <= 0) return;
    this.#waiting.push(event);
    this.#wake?.();
  }

  /** What publishes files goes one after the other, and ends before the run does. */
  publish<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#publishing.catch(() => {}).then(work);
    this.#publishing = mine;
    return mine;
  }

  /** After all that was published. */
  async end(exit: RunExit): Promise<void> {
    await this.#publishing.catch(() => {});
    this.#exit ??= exit;
    this.#wake?.();
  }

  /** Resolves once somebody follows it: that is about to be, where the agent is quicker than whoever gave it the run. */
  async followed(waitMs: number): Promise<void> {
    if (this.next !== null) return;
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, waitMs);
      this.#onFollowed.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Follows it from an event on; whoever did so before reads no more. */
  attach(given: SlotRun, after: number): RunHandle {
    const reader = ++this.#reader;
    this.given = given;
    this.#log?.close();
    this.#log = given.artifacts.openLog(`--- run ${this.attempt}, on an agent as ${this.ref}`);
    this.next = after + 1;
    this.#waiting = [];
    this.#exit = undefined;
    this.#wake?.();
    for (const tell of this.#onFollowed.splice(0)) tell();
    let settle!: (exit: RunExit) => void;
    const exit = new Promise<RunExit>(resolve => {
      settle = resolve;
    });
    const ask = (command: Command) => {
      if (this.isOver || this.command === 'kill' || this.command === command) return;
      this.command = command;
      if (command === 'kill') this.#killedAt = performance.now();
      this.onChange();
    };
    this.onChange();
    return {
      events: this.#read(reader, settle),
      exit,
      drain: () => ask('drain'),
      kill: () => ask('kill'),
    };
  }

  async *#read(reader: number, settle: (exit: RunExit) => void): AsyncGenerator<RunEvent, void> {
    let exit: RunExit = { outcome: 'killed', epoch: 0 };
    try {
      for (;;) {
        if (reader !== this.#reader) return;
        const event = this.#waiting.shift();
        if (event !== undefined) yield event;
        else if (this.#exit !== undefined) {
          exit = this.#exit;
          return;
        } else
          await new Promise<void>(resolve => {
            this.#wake = resolve;
          });
      }
    } finally {
      if (reader === this.#reader) this.#log?.close();
      settle(exit);
    }
  }
}
