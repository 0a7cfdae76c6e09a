import { setTimeout as sleep } from 'node:timers/promises';
import { longestPollSeconds, mostDataOfAgent, protocolVersion, renewSeconds } from '../limits.js';
import type { Command, GivenRun, SessionAnswer } from '../messages.js';
import { AnswerError, Api } from './api.js';
import type { AgentOptions, InTouch, OfferedSlot, Terms } from './options.js';
import { Performance } from './performance.js';
import { Spool } from './spool.js';

/** Offers this machine's slots to a coordinator, and runs what it gives them, until it is told to end. */
export class Agent implements InTouch {
  readonly api: Api;
  readonly #performances = new Map<string, Performance>();
  readonly #end = new AbortController();
  #session: Promise<SessionAnswer> | undefined;
  terms: Terms = { renewSeconds, sendEvery: { epochs: 1 } };
  #failure: Error | undefined;
  #stopped = 0;

  constructor(readonly options: AgentOptions) {
    const { transport, token, say, signal } = options;
    this.api = new Api(transport, token, say, AbortSignal.any([signal, this.#end.signal]));
  }

  /** Resolves when it is wanted no longer. @throws AnswerError if the coordinator doesn't let it in */
  async run(): Promise<void> {
    const { slots, folders, signal } = this.options;
    for (const { offer } of slots) {
      const spool = Spool.find(folders.spool(offer.name));
      if (spool !== undefined) this.#performances.set(offer.name, new Performance(this, offer.name, spool));
    }
    const ends = AbortSignal.any([signal, this.#end.signal]);
    ends.addEventListener('abort', () => {
      for (const each of this.#performances.values()) void each.leave();
    });
    await Promise.all([
      this.#guard(() => this.#hearCommands(ends)),
      this.#guard(() => this.#watch(ends)),
      ...slots.map(slot => this.#guard(() => this.#serve(slot, ends))),
    ]);
    await Promise.all([...this.#performances.values()].map(each => each.leave()));
    await Promise.all(slots.map(slot => slot.close()));
    if (this.#failure !== undefined) throw this.#failure;
  }

  /** The session, a new one if there is none. */
  session = async (): Promise<string> => {
    this.#session ??= this.#begin().catch(error => {
      this.#session = undefined;
      throw error;
    });
    return (await this.#session).session;
  };

  /** Asks within a session: where that is over, in another. */
  async within<T>(ask: (session: string) => Promise<T>): Promise<T> {
    for (;;) {
      const session = await this.session();
      try {
        return await ask(session);
      } catch (error) {
        if (!(error instanceof AnswerError && error.lost === 'session')) throw error;
        // Whoever noticed it first has begun another.
        if ((await this.session()) === session) this.#session = undefined;
      }
    }
  }

  async #begin(): Promise<SessionAnswer> {
    const { version, agentId, name, slots, engine, secondsLeft, keepToken, say } = this.options;
    const answer = await this.#letIn(() =>
      this.api.beginSession({
        protocol: protocolVersion,
        version,
        agentId,
        name,
        slots: slots.map(({ offer }) => offer),
        engine,
        secondsLeft: secondsLeft(),
        runs: [...this.#performances.values()].map(each => each.held),
        data: this.options.data.held.slice(0, mostDataOfAgent),
      }),
    );
    if (answer.token !== undefined) {
      keepToken(answer.token);
      this.api.use(answer.token);
    }
    this.terms = answer;
    say(`offers ${slots.length} slot${slots.length === 1 ? '' : 's'} as ${answer.name}`);
    return answer;
  }

  /** A grid run that ends, or has no room for it: one that wasn't started for that alone waits for the next. */
  async #letIn(begin: () => Promise<SessionAnswer>): Promise<SessionAnswer> {
    const { onceSeconds, say, signal } = this.options;
    for (let said = ''; ; ) {
      try {
        return await begin();
      } catch (error) {
        const mayPass = error instanceof AnswerError && [403, 410].includes(error.status);
        if (!mayPass || onceSeconds !== null) throw error;
        if (error.message !== said) say(`${error.message}; waiting for another grid run`);
        said = error.message;
        await sleep(5000, undefined, { signal: AbortSignal.any([signal, this.#end.signal]) });
      }
    }
  }

  /** One slot: what it was at goes on, then it takes what it is given. */
  async #serve(slot: OfferedSlot, signal: AbortSignal): Promise<void> {
    const { name } = slot.offer;
    const before = this.#performances.get(name);
    // What it had of the run before it was started anew is that run's own.
    await before?.perform(slot, before.spool.run.attempt - 1);
    while (!signal.aborted) {
      const secondsLeft = this.options.secondsLeft();
      // Nothing begins that could not even come up.
      if (secondsLeft !== null && secondsLeft < 60) break;
      const answer = await this.within(session =>
        this.api.lease({ session, slot: name, secondsLeft, waitSeconds: longestPollSeconds }, signal),
      );
      if (answer.type === 'run') await this.#take(slot, answer.run);
      else if (answer.type === 'tellAgain') {
        const performance = this.#performances.get(name);
        if (performance?.spool.run.ref === answer.ref) await performance.tellAgain(answer.next);
      } else if (answer.type === 'stop') {
        await slot.close();
        if (this.options.onceSeconds !== null) break;
        // The grid is over, or wants this slot no longer: perhaps the next one does.
        await sleep(5000, undefined, { signal });
      }
    }
    if (++this.#stopped === this.options.slots.length) this.#end.abort();
  }

  async #take(slot: OfferedSlot, run: GivenRun): Promise<void> {
    const { name } = slot.offer;
    const before = this.#performances.get(name)?.spool;
    before?.close();
    const lastAttempt = before?.run.cellId === run.cellId ? before.run.attempt : null;
    const spool = Spool.begin(this.options.folders.spool(name), run);
    const performance = new Performance(this, name, spool);
    this.#performances.set(name, performance);
    await performance.perform(slot, lastAttempt);
  }

  async #hearCommands(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const known = [...this.#performances.values()].filter(each => each.isUnderWay).map(each => each.known);
      const began = performance.now();
      await this.session();
      // It is the sign of life of an agent that has nothing to tell.
      const waitSeconds = Math.min(longestPollSeconds, this.terms.renewSeconds);
      const { commands } = await this.within(session =>
        this.api.commands({ session, known, waitSeconds }, signal),
      );
      for (const { ref, command } of commands) this.#obey(ref, command);
      // It answers at once where it has ended.
      if (performance.now() - began < 200) await sleep(300, undefined, { signal });
    }
  }

  #obey(ref: string, command: Command): void {
    for (const each of this.#performances.values()) if (each.spool.run.ref === ref) each.obey(command);
  }

  /** An agent that was started for a grid doesn't wait for ever for a coordinator that is gone. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { onceSeconds, say } = this.options;
    if (onceSeconds === null) return;
    let lastMs = performance.now();
    while (!signal.aborted) {
      await sleep(1000, undefined, { signal });
      const isBusy = [...this.#performances.values()].some(each => each.isTraining);
      if (this.api.isInTouch || isBusy) lastMs = performance.now();
      else if (performance.now() - lastMs > onceSeconds * 1000) {
        say(`no coordinator in ${onceSeconds} s: this agent ends; what it has trained stays on its disk`);
        this.#end.abort();
      }
    }
  }

  /** One loop fails: all end, for that reason. */
  async #guard(loop: () => Promise<void>): Promise<void> {
    try {
      await loop();
    } catch (error) {
      if (this.#end.signal.aborted || this.options.signal.aborted) return;
      this.#failure ??= error as Error;
      this.#end.abort();
    }
  }
}
