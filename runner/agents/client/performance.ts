import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TrainerEvent } from '../../../trainer/contract/events.js';
import { machineCondition } from '../../../trainer/contract/machine-conditions.js';
import { folderArtifacts, type RunFolder } from '../../trainer-client/artifacts.js';
import { slotFailure } from '../../trainer-client/classify-exit.js';
import type { RunExit, RunHandle } from '../../trainer-client/trainer-run.js';
import { OtherDataError } from '../data/own-data.js';
import { type Command, type HeldRun, passingEvents } from '../messages.js';
import { AnswerError } from './api.js';
import { bringData } from './bring-data.js';
import { bringFiles, bringWeights } from './cell-files.js';
import { HoldUp } from './hold-up.js';
import { LogTail } from './log-tail.js';
import type { InTouch, OfferedSlot } from './options.js';
import { patiently } from './patience.js';
import type { Spool } from './spool.js';
import { Uploads } from './uploads.js';

/** While nobody follows the run, or there is no room for more. */
const heldMs = 500;
/** Kept back of the machine's time, for the last epoch's checkpoint to be sent. */
const marginSeconds = 60;

/** A run on a slot of this machine: it is trained, told, and sent back; trained on, too, while there is nobody to tell. */
export class Performance {
  readonly #over = new AbortController();
  readonly #holdUp = new HoldUp(
    words => this.#say(words),
    reason => this.#tellHoldUp(reason),
  );
  #handle: RunHandle | undefined;
  #command: Command = 'go';
  #passing = new Map<string, TrainerEvent>();
  #uploads: Uploads | undefined;
  #epochSeconds = 0;
  #log: LogTail | undefined;
  /** The coordinator knows how it ended, or wants nothing of it. */
  #isTold = false;
  #isUntold = false;
  /** … and has all that was trained. */
  #isSent = false;
  #left = false;

  constructor(
    private readonly agent: InTouch,
    private readonly slot: string,
    readonly spool: Spool,
  ) {
    this.#isTold = spool.exit !== undefined;
  }

  get held(): HeldRun {
    const { ref, cellId, attempt } = this.spool.run;
    const isOver = this.spool.exit !== undefined;
    return { slot: this.slot, ref, cellId, attempt, epoch: this.spool.finishedEpochs, isOver };
  }

  get known(): { ref: string; command: Command } {
    return { ref: this.spool.run.ref, command: this.#command };
  }

  get isTraining(): boolean {
    return this.spool.exit === undefined;
  }

  get isUnderWay(): boolean {
    return this.isTraining && !this.#isTold;
  }

  /**
   * From where it is to its end, and until that is told.
   *
   * @param lastAttempt of the run of the cell whose checkpoints may lie here and be newer than those that are given; null: none
   */
  async perform(slot: OfferedSlot, lastAttempt: number | null): Promise<void> {
    if (this.spool.exit !== undefined) return;
    this.agent.options.sentCells.begin(this.spool.run.cellId);
    const told = this.#tell(1);
    // Without anybody to tell it stays on the disk.
    told.catch(() => this.leave());
    const end = await this.#train(slot, lastAttempt);
    if (!this.#left) this.spool.end(end, this.agent.options.write);
    await told;
    this.#mayGo();
  }

  /** It is over, and somebody asks for what it told. */
  async tellAgain(next: number): Promise<void> {
    this.#isTold = false;
    // This agent may have ended before all was sent; of what was, the folder may be gone.
    const uploads = this.#uploadsOf(this.agent.options.folders.cell(this.spool.run.cellId));
    if (this.spool.next > 1 && (await uploads.hasFiles())) this.#uploads = uploads;
    await this.#tell(next);
    this.#mayGo();
  }

  /** Of what the coordinator has as a whole the oldest goes. Programs of grids may leave more than is sent. */
  #mayGo(): void {
    const { cellId, spec } = this.spool.run;
    if (this.#isSent && this.#uploads !== undefined && spec.trainer === null)
      void this.agent.options.sentCells.sent(cellId);
    this.#uploads = undefined;
  }

  obey(command: Command): void {
    this.#command = command;
    if (command === 'drain') this.#handle?.drain();
    if (command === 'kill') this.#handle?.kill();
  }

  /** The agent ends: the run stays on the disk, to be gone on with. */
  async leave(): Promise<void> {
    this.#left = true;
    // What waits to be sent, or for a file, waits for nobody.
    this.#over.abort();
    this.#handle?.kill();
    await this.#handle?.exit;
    this.spool.close();
  }

  async #train(slot: OfferedSlot, lastAttempt: number | null): Promise<RunExit> {
    const { run } = this.spool;
    const { options, api, session } = this.agent;
    const { signal } = this.#over;
    try {
      if (run.spec.trainer !== null && !options.allowsCommands)
        return refused(
          'this agent runs the shared trainer alone; started with --allow-command it would run the program of the grid, too',
        );
      const folder = await this.#patiently(() => {
        this.spool.keep(options.write);
        return options.folders.cell(run.cellId);
      });
      const artifacts = folderArtifacts(folder, null);
      const uploads = this.#uploadsOf(folder);
      const asking = { api, session, signal: AbortSignal.any([signal, options.signal]) };
      await bringFiles(run, { artifacts, root: folder.cell.root, lastAttempt }, asking);
      // From now on all that the coordinator has of the cell is here, too.
      this.#uploads = uploads;
      const weights = await bringWeights(run, options.weights, asking);
      const { init, data } = run.spec;
      const dataRoot = await bringData(run, slot.offer.dataRoot, options, asking);
      const spec = {
        ...run.spec,
        init: init && { ...init, from: weights! },
        data: dataRoot === null ? data : { ...data, root: dataRoot },
      };
      options.write(folder.cell.runSpec, JSON.stringify(spec));
      this.#log = new LogTail(folder.cell.log);
      if (this.#command === 'kill') return { outcome: 'killed', epoch: run.finishedEpochs };
      const { cellId, attempt, engine, untilEpoch } = run;
      const handle = slot.start({
        ...{ cellId, attempt, engine, spec, untilEpoch },
        finishedEpochs: this.spool.finishedEpochs,
        artifacts: folderArtifacts(folder, spec.init),
      });
      this.#handle = handle;
      if (this.#command !== 'go') this.obey(this.#command);
      for await (const event of handle.events)
        if (event.type !== 'submitted') await this.#keep(event, uploads);
      return await handle.exit;
    } catch (error) {
      this.#handle?.kill();
      if (error instanceof OtherDataError) return refused(error.message);
      return signal.aborted ? { outcome: 'killed', epoch: this.spool.finishedEpochs } : slotFailure(error);
    }
  }

  async #keep(event: TrainerEvent, uploads: Uploads): Promise<void> {
    if (event.type === 'waiting') return this.#holdUp.begin(event.reason);
    if (passingEvents.includes(event.type)) {
      this.#passing.set(event.type, event);
      if (event.type !== 'progress') this.spool.wake();
      return;
    }
    await this.#patiently(() => this.spool.append(event));
    if (!this.#isUntold) this.#holdUp.end();
    if (event.type === 'epoch') {
      this.#epochSeconds = Math.max(this.#epochSeconds, Number(event.metrics.seconds ?? 0));
      const left = this.agent.options.secondsLeft();
      if (left !== null && left < this.#epochSeconds * 1.5 + marginSeconds) this.#handle?.drain();
    }
    // What can't be kept for sending now is sent with the next one.
    if (event.type === 'checkpoint') await uploads.checkpoint(event.kind).catch(() => {});
  }

  /** The trainer waits, too. */
  #patiently<T>(work: () => T): Promise<T> {
    return patiently(work, reason => this.#holdUp.begin(reason), this.#over.signal);
  }

  #tellHoldUp(reason: string | undefined): void {
    if (reason === undefined) this.#passing.delete('waiting');
    else {
      this.#passing.set('waiting', { type: 'waiting', cellId: this.spool.run.cellId, reason });
      this.spool.wake();
    }
  }

  #say(words: string): void {
    this.agent.options.say(`cell ${this.spool.run.cellId.slice(0, 8)}: ${words}`);
  }

  #uploadsOf(folder: RunFolder): Uploads {
    const { agent, spool } = this;
    const { folders, bytesPerSecond, signal } = agent.options;
    return new Uploads({
      api: agent.api,
      ref: spool.run.ref,
      within: ask => agent.within(ask),
      sendEvery: () => agent.terms.sendEvery,
      artifacts: folderArtifacts(folder, null),
      given: spool.run.files,
      root: folder.cell.root,
      folder: join(folders.spool(this.slot), 'sending'),
      bytesPerSecond,
      say: words => this.#say(words),
      signal: AbortSignal.any([this.#over.signal, signal]),
    });
  }

  /** Tells what is kept, from a number on, until the end is taken. */
  async #tell(from: number): Promise<void> {
    const { agent, spool } = this;
    const { api } = agent;
    const { ref } = spool.run;
    const { signal } = agent.options;
    let next = from;
    try {
      while (!this.#left && !signal.aborted) {
        const events = this.#batch(next);
        const passing = [...this.#passing.values()];
        this.#passing.clear();
        const log = this.#log?.next() ?? '';
        const request = { from: next, events: events ?? [], passing, log };
        const answer = await agent.within(session => api.events(ref, { session, ...request }, signal));
        if (answer.command !== this.#command) this.obey(answer.command);
        if (events === undefined || answer.next === null || answer.next < next + events.length) {
          // This disk keeps them back, nobody follows it yet, or there is no room.
          next = answer.next ?? next;
          await sleep(heldMs, undefined, { signal });
          continue;
        }
        next = answer.next;
        if (next < spool.next) continue;
        if (spool.exit !== undefined) {
          if (this.#log?.hasMore) continue;
          this.#isSent = await this.#tellEnd(next, spool.exit);
          if (this.#isSent) break;
          await sleep(heldMs, undefined, { signal });
          continue;
        }
        const forMs = agent.terms.renewSeconds * 1000;
        const orElse = () => this.#passing.size > 0 || this.#log?.hasMore === true || this.#left;
        await spool.somethingNew(next, { forMs, orElse, signal });
      }
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      if (error.status === 409 && error.next !== undefined) return this.#tell(error.next);
      if (error.lost !== 'run') throw error;
      // Somebody else has the cell. What was trained stays here, to be offered.
      this.#over.abort();
      this.#handle?.kill();
    }
    this.#isTold = true;
  }

  /** Undefined: a condition of the machine keeps them from being told. */
  #batch(from: number): TrainerEvent[] | undefined {
    try {
      const events = this.spool.batch(from);
      if (this.#isUntold) this.#holdUp.end();
      this.#isUntold = false;
      return events;
    } catch (error) {
      const condition = machineCondition(error);
      if (condition === undefined) throw error;
      this.#holdUp.begin(`${condition}: ${(error as Error).message}`);
      this.#isUntold = true;
      return undefined;
    }
  }

  async #tellEnd(next: number, exit: RunExit): Promise<boolean> {
    const { agent, spool } = this;
    await this.#uploads?.finish();
    const { isTaken } = await agent.within(session =>
      agent.api.end(spool.run.ref, { session, from: next, exit }, agent.options.signal),
    );
    return isTaken;
  }
}

const refused = (message: string): RunExit => ({
  outcome: 'failed',
  failure: { class: 'environment', message },
});
