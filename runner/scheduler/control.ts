import type { Control, ControlAnswer, ControlVerb } from '../domain/control.js';
import { GridfarmError } from '../domain/error.js';
import { type HeldState, waitsForUser } from '../domain/run-state.js';
import type { Slot } from '../domain/slot.js';
import type { StoreWriter } from '../store/run-store.js';
import { isConditionOfMachine } from '../store/store-error.js';
import type { Entry } from './entry.js';
import type { Scheduler } from './scheduler.js';
import { changeStored } from './steer.js';

const pollMs = 200;

type ControlStore = Pick<
  StoreWriter,
  'changeCounter' | 'openControls' | 'answer' | 'hold' | 'requeue' | 'prioritize' | 'cellsById'
>;

/** Opens the slots of a slots file (null: those of this machine) beside those that there are. Rejects with words for the user. */
export type JoinSlots = (file: string | null) => Promise<readonly Slot[]>;

/** Does what users ask of a running grid, from whatever terminal, and answers each. */
export class ControlDesk {
  readonly #timer: NodeJS.Timeout;
  #seen: number | undefined;
  /** Those that take their time. */
  readonly #inHand = new Set<number>();

  constructor(
    private readonly grid: string,
    private readonly store: ControlStore,
    private readonly scheduler: Scheduler,
    private readonly joinSlots: JoinSlots,
  ) {
    this.#timer = setInterval(() => this.look(), pollMs);
  }

  /** Answers what is open, so that nobody waits for it. */
  close(): void {
    clearInterval(this.#timer);
    this.look(true);
    this.#try(() => {
      for (const control of this.#inHand)
        this.store.answer(this.grid, control, refused('the grid has ended meanwhile'));
    });
    this.#inHand.clear();
  }

  look(always = false): void {
    this.#try(() => {
      const counter = this.store.changeCounter();
      if (counter === this.#seen && !always) return;
      this.#seen = counter;
      for (const control of this.store.openControls(this.grid)) {
        const answer = this.#inHand.has(control.control) ? undefined : this.#answer(control);
        if (answer !== undefined) this.store.answer(this.grid, control.control, answer);
      }
    });
  }

  async #join({ control, file }: Control): Promise<void> {
    this.#inHand.add(control);
    const answer = await this.joinSlots(file).then(
      slots =>
        done(
          `${slots.map(({ slotId }) => slotId).join(', ')} ${slots.length === 1 ? 'takes' : 'take'} cells now`,
        ),
      (error: unknown) => refused((error as Error).message),
    );
    if (!this.#inHand.delete(control)) return;
    this.#try(() => this.store.answer(this.grid, control, answer));
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      // A full disk, another's long transaction: it is asked for still, at the next look.
      if (!isConditionOfMachine(error)) throw error;
      this.#seen = undefined;
    }
  }

  /** Undefined: it takes its time. What the store won't have done, since another runner has the cell, is an answer. */
  #answer(control: Control): ControlAnswer | undefined {
    try {
      return this.#act(control);
    } catch (error) {
      if (isConditionOfMachine(error) || !(error instanceof GridfarmError)) throw error;
      return refused(error.message);
    }
  }

  #act(control: Control): ControlAnswer | undefined {
    const { verb, cellId, slotId, value } = control;
    if (verb === 'drain') return this.#drain(slotId);
    if (verb === 'join') {
      void this.#join(control);
      return undefined;
    }
    if (cellId === null) return this.#allOf(verb);
    const entry = this.scheduler.entries.get(cellId);
    if (entry === undefined) return changeStored(this.store, cellId, { verb, value: value ?? undefined });
    if (entry.end !== undefined && verb === 'retry') return this.#again(entry);
    if (entry.end !== undefined) return changeStored(this.store, cellId, { verb, value: value ?? undefined });
    switch (verb) {
      case 'pause':
        if (entry.isPaused) return done('is paused already');
        return this.#hold(entry, 'paused');
      case 'cancel':
        return this.#hold(entry, 'stopped');
      case 'resume':
        if (!entry.isPaused) return refused('is not paused');
        return this.#release(entry);
      case 'retry':
        return refused(entry.isTaken ? 'is running' : `is ${entry.wish ?? 'queued'}`);
      case 'priority':
        this.store.prioritize([cellId], value ?? 0);
        this.scheduler.prioritize(entry, value ?? 0);
        return done(`has priority ${value ?? 0}`);
    }
  }

  #drain(slotId: string | null): ControlAnswer {
    if (slotId === null) {
      this.scheduler.drain();
      return done('no new cells; the running ones end after their epoch');
    }
    return this.scheduler.drainSlot(slotId)
      ? done(`${slotId} takes no more cells; what runs on it goes on to its end`)
      : refused(`no slot ${slotId} takes cells`);
  }

  #allOf(verb: Exclude<ControlVerb, 'drain' | 'join'>): ControlAnswer {
    if (verb !== 'pause' && verb !== 'resume') return refused(`${verb} needs a cell`);
    const entries = [...this.scheduler.entries.values()].filter(
      ({ end, wish, isPaused }) => end === undefined && (verb === 'pause' ? wish === undefined : isPaused),
    );
    for (const entry of entries) verb === 'pause' ? this.#hold(entry, 'paused') : this.#release(entry);
    const count = `${entries.length} cell${entries.length === 1 ? '' : 's'}`;
    return done(
      verb === 'pause' ? `${count} paused; running ones after their epoch` : `${count} queued again`,
    );
  }

  #hold(entry: Entry, wish: HeldState): ControlAnswer {
    const isRunning = entry.isTaken;
    if (!isRunning) this.store.hold([entry.cellId], wish);
    this.scheduler.hold(entry, wish);
    if (!waitsForUser(wish)) return done(isRunning ? 'ends now, and is stopped' : 'is stopped');
    return done(isRunning ? 'is paused after its epoch' : 'is paused');
  }

  /** A cell that has come to its end in this `grid run`. */
  #again(entry: Entry): ControlAnswer {
    this.store.requeue([entry.cellId]);
    return done(this.scheduler.again(entry) ? 'is queued again' : 'is queued for the next `grid run`');
  }

  #release(entry: Entry): ControlAnswer {
    // A run that still drains goes on as the next one; what it ends as is not to hold it back.
    if (!entry.isTaken) this.store.requeue([entry.cellId]);
    this.scheduler.release(entry);
    return done('is queued again');
  }
}

const done = (answer: string): ControlAnswer => ({ outcome: 'done', answer });
const refused = (answer: string): ControlAnswer => ({ outcome: 'refused', answer });
