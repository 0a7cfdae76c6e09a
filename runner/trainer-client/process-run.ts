import type { MemoryUse, TrainerEvent } from '../../trainer/contract/events.js';
import type { Failure } from '../domain/run.js';
import { believe, classifyExit, slotFailure } from './classify-exit.js';
import { EventReader } from './event-reader.js';
import { wordsOf, wordsOfExit } from './event-words.js';
import { type GpuLook, MemoryWatch } from './memory-watch.js';
import type { RunLog } from './run-log.js';
import { RunReport } from './run-report.js';
import type { TrainerProcess } from './trainer-process.js';
import type { RunExit, RunHandle, SlotRun } from './trainer-run.js';

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
  readonly #report: RunReport;
  #drained = false;
  #killed = false;
  #over = false;
  readonly #stop = new AbortController();
  #memory: MemoryWatch | undefined;

  /**
   * `acquire` gives the process, up and with the request sent; it isn't called if the run is killed before, and its signal says
   * that it was killed meanwhile.
   */
  constructor(
    readonly run: SlotRun,
    readonly persistent: boolean,
    readonly log: RunLog,
    acquire: (killed: AbortSignal) => Promise<TrainerProcess>,
    private readonly gpuLook?: GpuLook,
  ) {
    this.exit = new Promise(resolve => {
      this.#settle = resolve;
    });
    this.#report = new RunReport(run.spec, run.finishedEpochs);
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
    this.#stop.abort();
    this.#process?.kill();
  }

  #passOnDrain(): void {
    if (this.persistent) this.#process?.send({ type: 'drain' });
    else this.#process?.signal(drainSignal);
  }

  async *#read(
    acquire: (killed: AbortSignal) => Promise<TrainerProcess>,
  ): AsyncGenerator<TrainerEvent, void> {
    // A consumer that stops reading early leaves a run that nobody watches.
    let exit: RunExit | undefined;
    try {
      if (this.#killed) return;
      const trainer = await acquire(this.#stop.signal);
      this.#process = trainer;
      if (trainer.pid !== undefined)
        this.#memory = new MemoryWatch(trainer.pid, trainer.isReady, this.gpuLook);
      if (this.#killed) trainer.kill();
      else if (this.#drained) this.#passOnDrain();
      const told = yield* this.#follow(trainer);
      const end = told ?? (await this.#processEnd(trainer));
      exit = believe(end, this.#report, this.#drained);
      if (told === undefined || exit !== told) this.log.note(wordsOfExit(exit));
      if (told !== undefined && (!this.persistent || !reusableAfter(exit))) await trainer.finish(tidyUpMs);
      if (told === undefined) yield* this.#tellMemory(this.#memory?.news());
      yield* this.#lastWarnings(exit);
    } catch (error) {
      const failed = slotFailure(error);
      this.log.note(wordsOfExit(failed));
      if (!this.#killed) exit = failed;
    } finally {
      if (exit === undefined) this.kill();
      this.#memory?.end();
      this.#over = true;
      this.#settle(exit ?? { outcome: 'killed', epoch: this.#report.epoch });
    }
  }

  /** Yields events up to the end of the run or of the process; returns how the run ended, undefined if no event said so. */
  async *#follow(trainer: TrainerProcess): AsyncGenerator<TrainerEvent, RunExit | undefined> {
    const { cellId } = this.run;
    const reader = new EventReader();
    // Not for-await: that would close the lines of a warm process at the end of its first run.
    for (let next = await trainer.lines.next(); !next.done; next = await trainer.lines.next()) {
      const { text, cut, end } = next.value;
      const { events, dropped, rest } = reader.take(text);
      for (const line of dropped) this.#report.drop(line);
      if (cut) this.#report.drop({ problem: 'is too long', text });
      if (rest.trim() !== '') this.log.write(`${rest.slice(0, 10_000)}${end}`);
      for (const found of events) {
        const event = this.#report.take({ cellId, ...found } as TrainerEvent);
        if (event.type !== 'ready' && event.cellId !== cellId) {
          this.#report.drop({ problem: `is of another cell (${event.cellId})`, text });
          continue;
        }
        if (event.type === 'ready') trainer.isReady = true;
        const words = wordsOf(event);
        if (words !== undefined) this.log.note(words);
        this.#endInTime(event);
        yield event;
        yield* this.#lookAtMemory(event);
        const exit = exitOf(event);
        if (exit !== undefined) return exit;
      }
    }
    for (const line of reader.end()) this.#report.drop(line);
    return undefined;
  }

  async *#lookAtMemory(after: TrainerEvent): AsyncGenerator<TrainerEvent, void> {
    yield* this.#tellMemory(await this.#memory?.newsAfter(after));
  }

  *#tellMemory(use: MemoryUse | undefined): Generator<TrainerEvent, void> {
    if (use === undefined) return;
    const event: TrainerEvent = { type: 'memory', cellId: this.run.cellId, ...use };
    this.log.note(wordsOf(event)!);
    yield event;
  }

  /** Of programs in place of the trainer most don't know that a run may end before its last epoch. */
  #endInTime(event: TrainerEvent): void {
    const { spec, untilEpoch = Number.POSITIVE_INFINITY } = this.run;
    if (event.type !== 'epoch' || spec.trainer === null) return;
    // One that serves many runs was told with the request; should it not know of that, it is asked.
    if (event.epoch > untilEpoch || (event.epoch === untilEpoch && !this.persistent)) this.drain();
  }

  /** Of a run that was killed nothing is to be expected. */
  async *#lastWarnings({ outcome }: RunExit): AsyncGenerator<TrainerEvent, void> {
    const { earlyEnd } = this.#report;
    if (outcome === 'completed' && earlyEnd !== undefined) this.log.note(earlyEnd);
    const reported = outcome === 'killed' ? [] : this.#report.warnings();
    for (const message of reported) this.log.note(`warning: ${message}`);
    const messages = this.log.problem === undefined ? reported : [...reported, this.log.problem];
    for (const message of messages) yield { type: 'warning', cellId: this.run.cellId, message };
  }

  async #processEnd(trainer: TrainerProcess): Promise<RunExit> {
    const end = await trainer.ended;
    return classifyExit({
      ...end,
      cameUp: trainer.isReady || this.run.spec.trainer !== null,
      endsWithRun: !this.persistent,
      drained: this.#drained,
      killed: this.#killed,
      wantsMemory: this.#memory?.wasKilledForMemory ?? false,
      epoch: this.#report.epoch,
      lastWords: this.log.lastWords,
      wantOfMemory: this.log.wantOfMemory,
    });
  }
}

/** How the run ended, if the event says so. */
function exitOf(event: TrainerEvent): RunExit | undefined {
  switch (event.type) {
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
