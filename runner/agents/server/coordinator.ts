import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import type { RunRef } from '../../domain/run.js';
import type { SlotRun } from '../../trainer-client/trainer-run.js';
import { leaseSeconds, renewSeconds } from '../limits.js';
import type {
  CommandsAnswer,
  CommandsRequest,
  EndAnswer,
  EndRequest,
  EventsAnswer,
  EventsRequest,
  FileOffer,
  FilesAnswer,
  FilesRequest,
  LeaseAnswer,
  LeaseRequest,
  SessionAnswer,
  SessionRequest,
} from '../messages.js';
import { type AdmissionOptions, admitted } from './admission.js';
import type { AgentRun } from './agent-run.js';
import { AgentSlot } from './agent-slot.js';
import type { BlobStore } from './blob-store.js';
import type { Names } from './names.js';
import { publishFiles } from './publish-files.js';
import { RefusedError } from './refused-error.js';
import { filesOf } from './run-files.js';
import { newCommands, type Session, type SlotListener } from './session.js';
import type { Token } from './tokens.js';

export interface CoordinatorOptions extends AdmissionOptions {
  blobs: BlobStore;
  names: Names;
  listener: SlotListener;
  /** Hash of a run's data, where they are sent; null: they aren't. */
  dataOf(run: SlotRun): Promise<string | null>;
  /** That hash as it was when they were read last; undefined: they never were. */
  knownData(data: DataSpec): string | undefined;
}

const tickMs = 1000;
/** An agent that tells of a run which nobody follows yet waits so long for its answer: less than it is silent by right. */
const followedMs = 1000;
/** A look that came late counts as so much: this process may have stood still, not the agent. */
const longestTickMs = 2000;

/**
 * The side of a `grid run`: who is there, which slots they have, and what their runs say. An agent that is silent for a lease's length
 * has lost its slots, and its runs are anybody's. Only this process' own clock counts.
 */
export class Coordinator {
  readonly #options: CoordinatorOptions;
  /** Of agents that come from now on, too. */
  leaseSeconds = leaseSeconds;
  /** So long the end of a grid waits for its agents to ask. */
  goodbyeMs = 3000;
  readonly #sessions = new Map<string, Session>();
  readonly #timer: NodeJS.Timeout;
  #lookedAt = performance.now();
  #isClosed = false;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#look(), tickMs);
    this.#timer.unref();
  }

  /** Names of the agents of an entry that are in touch. */
  connected(entry: string | null): string[] {
    return [...this.#sessions.values()].filter(each => each.entry === entry).map(({ name }) => name);
  }

  /** An agent has come, or come back: what it had before goes on in the new session. */
  async begin(request: SessionRequest, token: Token): Promise<Omit<SessionAnswer, 'token'>> {
    const { names, dataOf, knownData, listener } = this.#options;
    const entry = admitted(request, token, this.#sessions.values(), this.#options);
    if (this.#isClosed) throw new RefusedError(410, 'the grid run is over');
    const name = names.of(request.agentId, request.name);
    const earlier = [...this.#sessions.values()].find(({ agentId }) => agentId === request.agentId);
    if (earlier !== undefined) this.#sessions.delete(earlier.id);
    const session: Session = {
      id: randomBytes(16).toString('hex'),
      agentId: request.agentId,
      name,
      tokenId: token.id,
      entry: token.entry,
      secondsLeft: request.secondsLeft,
      engine: request.engine,
      data: new Set(request.data),
      slots: new Map(),
      silentMs: 0,
      hear() {},
    };
    this.#sessions.set(session.id, session);
    for (const offer of request.slots) {
      const held = request.runs.filter(run => run.slot === offer.name);
      const before = earlier?.slots.get(offer.name);
      // What it is at goes on: its agent was started anew, or an answer was lost.
      if (before !== undefined && before.device === offer.device) {
        earlier!.slots.delete(offer.name);
        session.slots.set(offer.name, before);
        before.returned(held, () => session);
        continue;
      }
      if (before !== undefined) await this.#lose(before, 'it is another slot now');
      const slotId = `${name}/${offer.name}`;
      const slot = new AgentSlot({ ...entry, slotId, offer, held, agent: () => session, dataOf, knownData });
      session.slots.set(offer.name, slot);
      listener.join(slot);
    }
    for (const slot of earlier?.slots.values() ?? []) await this.#lose(slot, 'its agent offers it no longer');
    return {
      session: session.id,
      name,
      leaseSeconds: this.leaseSeconds,
      renewSeconds: Math.min(renewSeconds, this.leaseSeconds / 4),
      sendEvery: entry.sendEvery,
    };
  }

  async lease(request: LeaseRequest, tokenId: string, gone: AbortSignal): Promise<LeaseAnswer> {
    const session = this.#session(request.session, tokenId);
    session.secondsLeft = request.secondsLeft;
    const slot = session.slots.get(request.slot);
    if (slot === undefined) throw new RefusedError(404, `no slot ${request.slot} in this session`);
    return slot.lease(request.waitSeconds * 1000, gone);
  }

  /** Waits until a run is to do something else than its agent knows of. */
  async commands(request: CommandsRequest, tokenId: string, gone: AbortSignal): Promise<CommandsAnswer> {
    const session = this.#session(request.session, tokenId);
    const over = performance.now() + request.waitSeconds * 1000;
    for (;;) {
      const commands = newCommands(session.slots.values(), request.known);
      const rest = over - performance.now();
      if (commands.length > 0 || rest <= 0 || gone.aborted || !this.#sessions.has(session.id))
        return { commands };
      await new Promise<void>(resolve => {
        const timer = setTimeout(() => end(), rest);
        const end = () => {
          clearTimeout(timer);
          gone.removeEventListener('abort', end);
          resolve();
        };
        session.hear = end;
        gone.addEventListener('abort', end);
      });
      session.silentMs = 0;
    }
  }

  async events(ref: RunRef, request: EventsRequest, tokenId: string): Promise<EventsAnswer> {
    const run = await this.#followedRun(ref, request.session, tokenId);
    const { from, events } = request;
    if (run.next !== null && !run.isOver) {
      if (from > run.next)
        throw new RefusedError(409, `event ${run.next} comes next, not ${from}`, { next: run.next });
      const fresh = events.slice(run.next - from, run.next - from + run.room);
      const passing = request.passing.map(event => ownEvent(event, run));
      // The trainer is up before it tells anything.
      for (const event of passing) if (event.type === 'ready') run.pass(event);
      run.take(fresh.map(event => ownEvent(event, run)));
      for (const event of passing) if (event.type !== 'ready') run.pass(event);
      if (request.log !== '') run.log(request.log);
    }
    return { next: run.next, command: run.command };
  }

  async files(ref: RunRef, request: FilesRequest, tokenId: string): Promise<FilesAnswer> {
    const run = await this.#followedRun(ref, request.session, tokenId);
    return run.publish(async () => {
      const { given } = run;
      if (given === undefined || run.next === null) throw new RefusedError(409, 'nobody follows the run yet');
      // It may have been lost while others were published.
      if (run.isOver) return { missing: [] };
      run.files ??= await filesOf(given);
      try {
        const missing = await publishFiles(request.files, run.files, given.artifacts, this.#options.blobs);
        if (missing.length === 0) run.files = request.files;
        return { missing };
      } catch (error) {
        // What that has left is looked up.
        run.files = undefined;
        throw error;
      }
    });
  }

  async end(ref: RunRef, { session, from, exit }: EndRequest, tokenId: string): Promise<EndAnswer> {
    const run = await this.#followedRun(ref, session, tokenId);
    if (run.next === null) return { isTaken: false };
    if (run.isOver) return { isTaken: true };
    if (from !== run.next)
      throw new RefusedError(409, `event ${run.next} comes next, not ${from}`, { next: run.next });
    // It stopped for its own reasons: the cell goes on elsewhere.
    const isHandedOn = exit.outcome === 'interrupted' && run.command === 'go';
    const message = 'its agent’s time was over: it goes on elsewhere';
    await run.end(isHandedOn ? { outcome: 'failed', failure: { class: 'lostSlot', message } } : exit);
    return { isTaken: true };
  }

  /** A run of the session's, for what it goes on from. @throws RefusedError */
  given(ref: RunRef, session: string, tokenId: string): { given: SlotRun; files: readonly FileOffer[] } {
    const { given, files } = this.#ownRun(ref, session, tokenId).run;
    if (given === undefined) throw new RefusedError(404, `run ${ref} isn’t given to anybody`);
    return { given, files: files ?? [] };
  }

  /** The session is that of the token. @throws RefusedError */
  touch(sessionId: string, tokenId: string): void {
    this.#session(sessionId, tokenId);
  }

  /** Agents with a token that was revoked lose their slots at once. */
  async revoked(tokenId: string): Promise<void> {
    for (const session of this.#sessions.values())
      if (session.tokenId === tokenId) await this.#end(session, 'the token of its agent was revoked');
  }

  /** Slots are wanted no longer: agents that are in touch are told, as soon as they ask. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const slots = [...this.#sessions.values()].flatMap(session => [...session.slots.values()]);
    await Promise.all(slots.map(slot => slot.close()));
    for (const over = performance.now() + this.goodbyeMs; performance.now() < over; await sleep(50))
      if (slots.every(({ isLetGo }) => isLetGo)) break;
    clearInterval(this.#timer);
    for (const session of this.#sessions.values()) session.hear();
    this.#sessions.clear();
  }

  #session(id: string, tokenId: string): Session {
    const session = this.#sessions.get(id);
    if (session === undefined || session.tokenId !== tokenId)
      throw new RefusedError(410, 'no such session: begin another', { lost: 'session' });
    session.silentMs = 0;
    return session;
  }

  #find(session: Session, ref: RunRef): { run: AgentRun; slot: AgentSlot } | undefined {
    for (const slot of session.slots.values()) {
      const run = slot.run(ref);
      if (run !== undefined) return { run, slot };
    }
    return undefined;
  }

  #ownRun(ref: RunRef, sessionId: string, tokenId: string): { run: AgentRun; slot: AgentSlot } {
    const found = this.#find(this.#session(sessionId, tokenId), ref);
    if (found === undefined)
      throw new RefusedError(410, `run ${ref} is somebody else’s by now`, { lost: 'run' });
    found.slot.hears(ref);
    return found;
  }

  /** The scheduler has it a moment after its agent. */
  async #followedRun(ref: RunRef, sessionId: string, tokenId: string): Promise<AgentRun> {
    const { run } = this.#ownRun(ref, sessionId, tokenId);
    await run.followed(followedMs);
    return run;
  }

  #look(): void {
    const now = performance.now();
    const passed = Math.min(now - this.#lookedAt, longestTickMs);
    this.#lookedAt = now;
    for (const session of this.#sessions.values()) {
      session.silentMs += passed;
      for (const slot of session.slots.values()) slot.giveUpKilled(session.silentMs);
      if (session.silentMs > this.leaseSeconds * 1000)
        void this.#end(session, `no word from its agent in ${this.leaseSeconds} s`);
    }
  }

  async #end(session: Session, reason: string): Promise<void> {
    this.#sessions.delete(session.id);
    session.hear();
    for (const slot of session.slots.values()) await this.#lose(slot, reason);
  }

  async #lose(slot: AgentSlot, reason: string): Promise<void> {
    this.#options.listener.leave(slot.slotId, reason);
    await slot.lose(reason);
  }
}

/** Whatever cell an agent names, it speaks of the run's. */
const ownEvent = <E extends object>(event: E, { cellId }: AgentRun): E => ({ ...event, cellId });
