import { setTimeout as sleep } from 'node:timers/promises';
import type { SlotHost } from '../backend.js';
import type { Fleet, LaunchContext } from './launcher.js';

interface KeeperPace {
  lookMs: number;
  /** An agent that has stayed in touch so long was no failure, however it ended. */
  steadyMs: number;
  /** Pause after one that was; doubled with each in a row, up to `longestPauseMs`. */
  pauseMs: number;
  longestPauseMs: number;
  /** After so many starts in a row of which no agent came to stay, the launcher is benched. */
  mostFruitless: number;
  /** A launcher that is benched is given one more try after this. */
  benchMs: number;
}

const usualPace: KeeperPace = {
  lookMs: 5000,
  steadyMs: 60_000,
  pauseMs: 5000,
  longestPauseMs: 600_000,
  mostFruitless: 3,
  benchMs: 1_800_000,
};

/**
 * Keeps as many agents of a fleet asked for as have something to do, and no more than `max`, until slots are wanted no longer: what
 * waits then is taken back, and what runs is told by the coordinator.
 */
export function keepFleet(
  fleet: Fleet,
  max: number,
  context: Pick<LaunchContext, 'entry' | 'connected' | 'say'>,
  host: Pick<SlotHost, 'wanted' | 'signal' | 'whenClosed'>,
  pace: KeeperPace = usualPace,
): void {
  const keeper = new Keeper(fleet, max, context, host, pace);
  const working = keeper.work();
  host.whenClosed(async () => {
    await working;
    await fleet.stop('waiting');
  });
}

class Keeper {
  /** Since when each agent is in touch. */
  readonly #since = new Map<string, number>();
  /** Agents that there were to be after the last start, while none of them has come to stay yet; 0: one has. */
  #expected = 0;
  #fruitless = 0;
  #notBefore = 0;
  #toldTrouble: string | undefined;
  #toldFailure: string | undefined;

  constructor(
    private readonly fleet: Fleet,
    private readonly max: number,
    private readonly context: Pick<LaunchContext, 'entry' | 'connected' | 'say'>,
    private readonly host: Pick<SlotHost, 'wanted' | 'signal'>,
    private readonly pace: KeeperPace,
  ) {}

  async work(): Promise<void> {
    const { signal } = this.host;
    while (!signal.aborted) {
      await this.#turn();
      await sleep(this.pace.lookMs, undefined, { signal }).catch(() => {});
    }
  }

  async #turn(): Promise<void> {
    const state = await this.fleet.look();
    if (state.trouble !== undefined && state.trouble !== this.#toldTrouble) this.#say(state.trouble);
    this.#toldTrouble = state.trouble;
    this.#watch();
    const wanted = Math.min(this.max, this.host.wanted);
    const running = Math.max(state.running, this.#since.size);
    const alive = running + state.waiting;
    if (state.waiting > 0 && wanted <= running) {
      this.#expected = 0;
      await this.fleet.stop('waiting');
    } else if (alive < wanted && state.trouble === undefined) await this.#start(wanted - alive, alive);
  }

  async #start(missing: number, alive: number): Promise<void> {
    const now = performance.now();
    if (alive < this.#expected) {
      this.#expected = 0;
      await this.#failed('none of the agents that it started has stayed in touch');
    }
    if (now < this.#notBefore || this.host.signal.aborted) return;
    // One that was benched is tried with one agent.
    const count = this.#fruitless >= this.pace.mostFruitless ? 1 : missing;
    if (count < missing && alive > 0) return;
    try {
      await this.fleet.start(count);
      this.#expected = alive + count;
    } catch (error) {
      await this.#failed((error as Error).message);
    }
  }

  async #failed(reason: string): Promise<void> {
    const { pace } = this;
    this.#fruitless++;
    const pause = Math.min(pace.pauseMs * 2 ** (this.#fruitless - 1), pace.longestPauseMs);
    const isBenched = this.#fruitless >= pace.mostFruitless && this.#since.size === 0;
    this.#notBefore = performance.now() + (isBenched ? pace.benchMs : pause);
    if (!isBenched) {
      if (reason !== this.#toldFailure) this.#say(reason);
      this.#toldFailure = reason;
      return;
    }
    const last = await this.fleet.lastWords();
    const words = last === undefined ? '' : `; the last one left: ${last}`;
    this.#say(
      `${reason}, ${this.#fruitless} times in a row${words}; it is tried again in ${Math.ceil(pace.benchMs / 60_000)} min`,
    );
  }

  /** Whoever stays ends the row of failures. */
  #watch(): void {
    const now = performance.now();
    const connected = new Set(this.context.connected());
    for (const name of this.#since.keys()) if (!connected.has(name)) this.#since.delete(name);
    for (const name of connected) {
      const since = this.#since.get(name) ?? now;
      this.#since.set(name, since);
      if (now - since < this.pace.steadyMs) continue;
      this.#expected = 0;
      this.#fruitless = 0;
      this.#toldFailure = undefined;
    }
  }

  #say(words: string): void {
    this.context.say(`${this.context.entry}: ${words}`);
  }
}
