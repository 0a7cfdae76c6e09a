import { setTimeout as sleep } from 'node:timers/promises';
import type { SlotHost } from '../backend.js';
import type { Fleet, LaunchContext } from './launcher.js';

const lookMs = 5_000;
const firstPauseMs = 10_000;
const longestPauseMs = 600_000;
/** Starts in a row after which no agent came: no more are tried. */
const mostFruitless = 5;

/** Has as many agents of a fleet as there are cells for, until the grid is over. */
export function keepFleet(fleet: Fleet, most: number, context: LaunchContext, host: SlotHost): void {
  const keeper = new FleetKeeper(fleet, most, context, host);
  const working = keeper.work();
  host.whenClosed(async () => {
    await working;
    await fleet.stop('waiting');
  });
}

class FleetKeeper {
  #fruitless = 0;
  /** Agents have been asked for, and none has come since. */
  #isAwaiting = false;
  #notBeforeMs = 0;
  #said = '';

  constructor(
    private readonly fleet: Fleet,
    private readonly most: number,
    private readonly context: LaunchContext,
    private readonly host: SlotHost,
  ) {}

  async work(): Promise<void> {
    const { signal } = this.host;
    while (!signal.aborted) {
      await this.#look();
      if (this.#fruitless >= mostFruitless) {
        const words = await this.fleet.lastWords();
        this.#say(
          `starts no more agents: of the last ${mostFruitless} starts none has come${words === undefined ? '' : `; the last one said: ${words}`}`,
        );
        return;
      }
      await sleep(lookMs, undefined, { signal }).catch(() => {});
    }
  }

  async #look(): Promise<void> {
    const { waiting, running, trouble } = await this.fleet.look();
    if (this.context.connected().length > 0) {
      this.#isAwaiting = false;
      this.#fruitless = 0;
    }
    if (trouble !== undefined) {
      this.#say(trouble);
      return;
    }
    this.#said = '';
    const alive = waiting + running;
    if (this.#isAwaiting && alive === 0) {
      this.#isAwaiting = false;
      this.#fruitless++;
    }
    const missing = Math.min(this.most, this.host.wanted) - alive;
    if (missing <= 0 || this.#fruitless >= mostFruitless || performance.now() < this.#notBeforeMs) return;
    this.#notBeforeMs = performance.now() + Math.min(firstPauseMs * 2 ** this.#fruitless, longestPauseMs);
    this.#isAwaiting = this.context.connected().length === 0;
    try {
      await this.fleet.start(missing);
    } catch (error) {
      this.#fruitless++;
      this.#isAwaiting = false;
      this.#say((error as Error).message);
    }
  }

  /** Once, however often it is seen. */
  #say(words: string): void {
    if (words !== this.#said) this.context.say(`${this.context.entry}: ${words}`);
    this.#said = words;
  }
}
