import { randomBytes } from 'node:crypto';
import type { EngineName } from '../../../trainer/contract/events.js';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import type { RunRef } from '../../domain/run.js';
import { machineOf, type SharedMemory } from '../../domain/slot.js';
import { lostRun } from '../../trainer-client/lost-run.js';
import type { OfferedEngine, RunHandle, SlotRun } from '../../trainer-client/trainer-run.js';
import type { GivenRun, HeldRun, LeaseAnswer, SlotOffer } from '../messages.js';
import { AgentRun } from './agent-run.js';
import { filesOf } from './run-files.js';

/** Its agent, as it spoke last. */
export interface AgentInTouch {
  secondsLeft: number | null;
  engine: OfferedEngine | null;
  /** Hashes of sent data that it has from before. */
  data: ReadonlySet<string>;
  /** Is to hear of a command. */
  hear(): void;
}

export interface AgentSlotOptions {
  slotId: string;
  backend: string;
  offer: SlotOffer;
  /** Runs that the agent has on its disk for this slot. */
  held: readonly HeldRun[];
  /** What its runs are to be on; null, absent: the best that its machine has. */
  engine?: EngineName | null;
  agent(): AgentInTouch;
  /** Hash of the files of a run's data, for an agent that hasn't them; null: they are where the run says. */
  dataOf(run: SlotRun): Promise<string | null>;
  /** That hash as it was when they were read last; undefined: they never were. */
  knownData(data: DataSpec): string | undefined;
}

/** An agent that is in touch hears at once that a run is to be killed. */
const patienceWithKilledMs = 3000;

/** A slot of an agent, as the scheduler has it: what is submitted to it waits for the agent to ask. */
export class AgentSlot {
  readonly slotId: string;
  readonly backend: string;
  readonly device: string;
  readonly dataRoot: string | null;
  readonly takesData: boolean;
  readonly saysGpu: boolean;
  readonly memoryMegabytes?: number;
  readonly shares?: SharedMemory;
  readonly #wanted: EngineName | null;
  readonly outlivesRunner = true;
  #agent: () => AgentInTouch;
  readonly #dataOf: AgentSlotOptions['dataOf'];
  readonly #knownData: AgentSlotOptions['knownData'];
  /** By ref: the one that is under way, and what the agent has from before. */
  readonly #runs = new Map<RunRef, AgentRun>();
  readonly #held = new Map<RunRef, HeldRun>();
  #current: AgentRun | undefined;
  /** What the agent is to take, until it speaks of it. */
  #giving: { run: GivenRun; taken(): void; refused(error: Error): void } | undefined;
  /** Told anew from that event on. */
  #again: { ref: string; next: number } | undefined;
  #answer: ((answer: LeaseAnswer) => void) | undefined;
  #isClosed = false;
  /** Its agent knows that it is wanted no longer. */
  isLetGo = false;

  constructor(options: AgentSlotOptions) {
    const { slotId, backend, offer, held, engine = null, agent, dataOf, knownData } = options;
    this.#agent = agent;
    this.#dataOf = dataOf;
    this.#knownData = knownData;
    this.slotId = slotId;
    this.backend = backend;
    this.device = offer.device;
    this.dataRoot = offer.dataRoot;
    this.takesData = offer.dataRoot === null;
    this.saysGpu = /^gpu\d/.test(offer.name) && (engine ?? 'tensorflow') === 'tensorflow';
    if (offer.memoryMegabytes !== null) this.memoryMegabytes = offer.memoryMegabytes;
    if (offer.shares !== null)
      this.shares = { ...offer.shares, name: `${machineOf(slotId)}/${offer.shares.name}` };
    this.#wanted = engine;
    for (const run of held) {
      this.#held.set(run.ref, run);
      this.#runs.set(run.ref, this.#known(run.ref, run.cellId, run.attempt));
    }
  }

  /** Until its machine ends; infinite where that isn't known. */
  secondsLeft(): number {
    return this.#agent().secondsLeft ?? Number.POSITIVE_INFINITY;
  }

  /** What its runs are on; undefined: on another than its machine takes by itself. */
  get engine(): OfferedEngine | undefined {
    const { engine } = this.#agent();
    return engine !== null && (this.#wanted ?? engine.name) === engine.name ? engine : undefined;
  }

  /** Cells that its agent has begun, and could go on with. */
  get holds(): readonly string[] {
    return [...this.#held.values()].filter(({ isOver }) => !isOver).map(({ cellId }) => cellId);
  }

  /** Its agent has kept these data since they were sent to it, as far as is known. */
  keepsData(data: DataSpec): boolean {
    const hash = this.#knownData(data);
    return hash !== undefined && this.#agent().data.has(hash);
  }

  run(ref: RunRef): AgentRun | undefined {
    return this.#runs.get(ref);
  }

  get runs(): Iterable<AgentRun> {
    return this.#runs.values();
  }

  async submit(run: SlotRun): Promise<RunRef> {
    const current = this.#current;
    if (current !== undefined && !current.isOver) {
      if (current.cellId === run.cellId && current.attempt === run.attempt) return current.ref;
      throw new Error(`slot ${this.slotId} has a run already`);
    }
    const goesOn = this.#underWay(run);
    this.#forget(goesOn?.ref);
    if (goesOn !== undefined) {
      goesOn.given = run;
      this.#current = goesOn;
      return goesOn.ref;
    }
    const ref = `${run.cellId.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 60)}-${run.attempt}-${randomBytes(4).toString('hex')}`;
    const mine = this.#known(ref, run.cellId, run.attempt);
    this.#current = mine;
    this.#runs.set(ref, mine);
    try {
      await this.#give(mine, run);
    } catch (error) {
      this.#runs.delete(ref);
      if (this.#current === mine) this.#current = undefined;
      throw error;
    }
    return ref;
  }

  attach(ref: RunRef, run: SlotRun, after: number): RunHandle {
    const known = this.#runs.get(ref);
    if (known === undefined || this.#isClosed) return lostRun(this.slotId, ref);
    this.#current = known;
    // One that is under way tells by itself; of one that is over the agent is asked.
    if (known.isOver || this.#held.get(ref)?.isOver) this.#again = { ref, next: after + 1 };
    const handle = known.attach(run, after);
    this.#offer();
    return handle;
  }

  /** What the agent is to do with the slot: at once, or as soon as there is something. Who asks again takes the place of who asked before. */
  lease(waitMs: number, gone: AbortSignal): Promise<LeaseAnswer> {
    this.#answer?.({ type: 'none' });
    return new Promise(resolve => {
      const nothing = () => answer({ type: 'none' });
      const answer = (found: LeaseAnswer) => {
        if (this.#answer === answer) this.#answer = undefined;
        clearTimeout(timer);
        gone.removeEventListener('abort', nothing);
        resolve(found);
      };
      const timer = setTimeout(nothing, waitMs);
      this.#answer = answer;
      gone.addEventListener('abort', nothing);
      if (gone.aborted) nothing();
      else this.#offer();
    });
  }

  /** The agent speaks of a run: it has it. */
  hears(ref: RunRef): void {
    if (this.#giving?.run.ref === ref) {
      this.#giving.taken();
      this.#giving = undefined;
    }
  }

  /** What was killed ends without its agent where that is silent: what comes of it later is nobody's, and stays there. */
  giveUpKilled(silentMs: number): void {
    for (const run of this.#runs.values()) {
      if (silentMs < patienceWithKilledMs || run.killedForMs < patienceWithKilledMs) continue;
      void run.end({ outcome: 'killed', epoch: run.given?.finishedEpochs ?? 0 });
      this.#runs.delete(run.ref);
    }
  }

  /** Its agent is gone: so is its run. */
  async lose(reason: string): Promise<void> {
    this.#isClosed = true;
    this.#giving?.refused(new Error(reason));
    this.#stop();
    const failure = { class: 'lostSlot', message: reason } as const;
    await Promise.all([...this.#runs.values()].map(run => run.end({ outcome: 'failed', failure })));
  }

  /** Its agent speaks in another session, and has these runs. */
  returned(held: readonly HeldRun[], agent: () => AgentInTouch): void {
    this.#agent = agent;
    const current = this.#current;
    if (current === undefined || current.isOver || this.#giving?.run.ref === current.ref) return;
    const its = held.find(({ ref }) => ref === current.ref);
    if (its?.isOver) {
      // Its agent may have ended before it told that.
      this.#again = { ref: current.ref, next: current.next ?? 1 };
      this.#offer();
    }
    if (its !== undefined) return;
    const failure = {
      class: 'lostSlot',
      message: 'its agent was started anew, and has lost the run',
    } as const;
    void current.end({ outcome: 'failed', failure });
  }

  /** Its agent may end it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#giving?.refused(new Error(`${this.slotId} is wanted no longer`));
    this.#giving = undefined;
    this.#stop();
  }

  #stop(): void {
    if (this.#answer === undefined) return;
    this.isLetGo = true;
    this.#answer({ type: 'stop' });
  }

  #known(ref: RunRef, cellId: string, attempt: number): AgentRun {
    return new AgentRun(ref, cellId, attempt, () => this.#agent().hear());
  }

  /** A run of the cell that the agent went on with while it was cut off, and which nobody has gone past since. */
  #underWay({ cellId, attempt, anew, finishedEpochs }: SlotRun): AgentRun | undefined {
    if (anew === true) return undefined;
    const held = [...this.#held.values()].find(
      run =>
        run.cellId === cellId &&
        !run.isOver &&
        run.attempt === attempt - 1 &&
        run.epoch >= finishedEpochs &&
        this.#runs.has(run.ref),
    );
    return held && this.#runs.get(held.ref);
  }

  /** All but one: what the agent still says of them is refused, and it ends them. */
  #forget(except: RunRef | undefined): void {
    for (const ref of [...this.#runs.keys()])
      if (ref !== except) {
        this.#runs.delete(ref);
        this.#held.delete(ref);
      }
    this.#agent().hear();
  }

  async #give(mine: AgentRun, run: SlotRun): Promise<void> {
    const { cellId, attempt, spec, finishedEpochs, untilEpoch, anew = false, signal } = run;
    const { dataFingerprint = null } = run;
    mine.given = run;
    const { ref } = mine;
    const files = await filesOf(run);
    mine.files = files;
    // Else they lie where its agent says.
    const data = this.dataRoot === null ? await this.#dataOf(run) : null;
    if (this.#isClosed) throw new Error(`${this.slotId} is gone`);
    signal?.throwIfAborted();
    await new Promise<void>((taken, refused) => {
      signal?.addEventListener('abort', () => {
        if (this.#giving?.run.ref === ref) this.#giving = undefined;
        refused(signal.reason);
      });
      // The plan knows this machine's engine, and not what the agent's has.
      const engine = spec.trainer === null ? this.#wanted : null;
      const goesOn = { cellId, attempt, anew, spec, finishedEpochs, untilEpoch, engine, files };
      this.#giving = { run: { ref, ...goesOn, data, dataFingerprint }, taken, refused };
      this.#offer();
    });
  }

  #offer(): void {
    if (this.#answer === undefined) return;
    if (this.#isClosed) this.#stop();
    else if (this.#giving !== undefined) this.#answer({ type: 'run', run: this.#giving.run });
    else if (this.#again !== undefined) {
      const { ref, next } = this.#again;
      this.#again = undefined;
      // It may have been told meanwhile.
      if (this.#runs.get(ref)?.isOver === false) this.#answer({ type: 'tellAgain', ref, next });
    }
  }
}
