import type { TrainerEvent } from '../../../trainer/contract/events.js';
import type { Failure } from '../../domain/run.js';
import type { RunExit, RunHandle, SlotRun } from '../backend.js';
import { classifyExit } from '../classify-exit.js';
import { wordsOf, wordsOfExit } from '../event-words.js';
import { parseEvent } from '../parse-event.js';
import type { RunLog } from '../run-log.js';
import type { TrainerProcess } from './trainer-process.js';

/** A program that serves one run is asked to drain by a signal, a persistent one by a request. */
const drainSignal = 'SIGTERM';
/** How long a program that said how its run ended may go on. */
const tidyUpMs = 10_000;

/** One run on a trainer's process: reads its lines up to the one that ends the run. */
export class ProcessRun implements RunHandle {
  readonly events: AsyncIterable<TrainerEvent>;
  readonly exit: Promise<RunExit>;
  #settle!: (exit: RunExit) => void;
  #process: TrainerProcess | undefined;
  #epoch = 0;
  #drained = false;
  #killed = false;
  #over = false;

  /** `acquire` gives the process, up and with the request sent; it isn't called if the run is killed before. */
  constructor(
    readonly run: SlotRun,
    readonly persistent: boolean,
    readonly log: RunLog,
    acquire: () => Promise<TrainerProcess>,
  ) {
    this.exit = new Promise(resolve => {
      this.#settle = resolve;
    });
    this.events = this.#read(acquire);
  }

  drain(): void {
    if (this.#over || this.#drained) return;
    this.#drained = true;
    this.#passOnDrain();
  }

  kill(): void {
    if (this.#over) return;
    this.#killed = true;
    this.#process?.kill();
  }

  #passOnDrain(): void {
    if (this.persistent) this.#process?.send({ type: 'drain' });
    else this.#process?.signal(drainSignal);
  }

  async *#read(acquire: () => Promise<TrainerProcess>): AsyncGenerator<TrainerEvent, void> {
    // A consumer that stops reading early leaves a run that nobody watches.
    let exit: RunExit | undefined;
    try {
      const trainer = await acquire();
      this.#process = trainer;
      if (this.#killed) trainer.kill();
      else if (this.#drained) this.#passOnDrain();
      exit = yield* this.#follow(trainer);
      if (exit === undefined) {
        exit = await this.#processEnd(trainer);
        this.log.note(wordsOfExit(exit));
      } else if (!this.persistent || !reusableAfter(exit)) await trainer.finish(tidyUpMs);
      if (this.log.problem !== undefined)
        yield { type: 'warning', cellId: this.run.cellId, message: this.log.problem };
    } catch (error) {
      const message = `the slot failed: ${(error as Error).message}`;
      exit = { outcome: 'failed', failure: { class: 'lostSlot', message } };
    } finally {
      if (exit === undefined) this.kill();
      this.#over = true;
      this.#settle(exit ?? { outcome: 'killed', epoch: this.#epoch });
    }
  }

  /** Yields events up to the end of the run or of the process; returns how the run ended, undefined if no event said so. */
  async *#follow(trainer: TrainerProcess): AsyncGenerator<TrainerEvent, RunExit | undefined> {
    const { cellId } = this.run;
    // Not for-await: that would close the lines of a warm process at the end of its first run.
    for (let next = await trainer.lines.next(); !next.done; next = await trainer.lines.next()) {
      const { text, cut } = next.value;
      const parsed = cut ? { kind: 'malformed' as const, problem: 'is too long' } : parseEvent(text);
      if (parsed.kind === 'event') {
        const event = { cellId, ...parsed.event } as TrainerEvent;
        if (event.type !== 'ready' && event.cellId !== cellId) continue;
        const words = wordsOf(event);
        if (words !== undefined) this.log.note(words);
        yield event;
        const exit = this.#take(event);
        if (exit !== undefined) return exit;
        continue;
      }
      this.log.write(`${text.slice(0, 10_000)}\n`);
      if (parsed.kind === 'malformed')
        yield {
          type: 'warning',
          cellId,
          message: `a line of the trainer's stdout ${parsed.problem}: ${text.slice(0, 80)}`,
        };
    }
    return undefined;
  }

  #take(event: TrainerEvent): RunExit | undefined {
    switch (event.type) {
      case 'started':
        this.#epoch = event.resumedFromEpoch;
        return undefined;
      case 'epoch':
        this.#epoch = event.epoch;
        return undefined;
      case 'completed':
        return { outcome: 'completed', weightsHash: event.weightsHash ?? null };
      case 'interrupted':
        return { outcome: 'interrupted', epoch: event.epoch };
      case 'failed':
        return { outcome: 'failed', failure: failureOf(event) };
      default:
        return undefined;
    }
  }

  async #processEnd(trainer: TrainerProcess): Promise<RunExit> {
    const end = await trainer.ended;
    return classifyExit({
      ...end,
      endsWithRun: !this.persistent,
      drained: this.#drained,
      killed: this.#killed,
      epoch: this.#epoch,
      lastWords: this.log.lastWords,
    });
  }
}

/** After these ends a warm process is as good as new. */
function reusableAfter(exit: RunExit): boolean {
  if (exit.outcome === 'failed')
    return exit.failure.class === 'badConfiguration' || exit.failure.class === 'nanLoss';
  return exit.outcome !== 'killed';
}

const failureOf = ({ failure, message, step }: Extract<TrainerEvent, { type: 'failed' }>): Failure => ({
  class: failure,
  message,
  ...(step !== undefined && { step }),
});
