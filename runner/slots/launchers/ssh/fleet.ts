import { setTimeout as sleep } from 'node:timers/promises';
import { GridfarmError } from '../../../domain/error.js';
import type { Fleet, FleetState, LaunchContext } from '../launcher.js';
import type { Notes } from '../notes.js';
import type { SshConnection } from './connection.js';
import { agentName, hostName, localSlots, type SshEntry } from './entry.js';
import {
  contactScript,
  type HostAnswer,
  parseAnswer,
  startScript,
  statusScript,
  stopScript,
} from './scripts.js';
import { noSsh, type Trouble, troubleOf } from './words.js';

/** What is kept from one `grid run` to the next. */
export interface SshNotes {
  /** Name of the agent's folder there. */
  fleet: string;
  /** There, on loopback: an agent finds the coordinator at it after every cut. */
  port: number;
  /** An agent was started there, and nobody has seen its end. */
  isStarted: boolean;
}

/** How long a command there may take. */
const commandMs = 30_000;
/** How long other entries wait for the first words with a host. */
const firstMs = 10_000;
const longestPauseMs = 15_000;
/** An agent whose coordinator can be reached for so long, and that isn't in touch, belongs to another one or another version. */
const strangerMs = 240_000;
/** How long an agent is given to hear that the grid is over. */
const farewellMs = 5000;
/** So often in a row the port can't be had before another is chosen. */
const portTries = 3;

/** The agent of one host, and the forwarded port that leads it here, mended for as long as the grid runs. */
export class SshFleet implements Fleet {
  #answer: HostAnswer | undefined;
  /** Of the last contact. */
  #contact: HostAnswer | undefined;
  /** Of the last attempt to connect; undefined: connected, or the first attempt isn't over. */
  #trouble: Trouble | undefined;
  #isUp = false;
  #upSince = 0;
  #lostSince: number | undefined;
  readonly #over: Promise<void>;
  readonly #closing = new AbortController();

  constructor(
    private readonly entry: SshEntry,
    private readonly context: LaunchContext,
    private readonly connection: SshConnection,
    private readonly notes: Notes<SshNotes>,
  ) {
    context.signal.addEventListener('abort', () => void this.#farewell(), { once: true });
    this.#over = this.#keepUp();
    void this.#over.then(() => connection.close());
  }

  /**
   * Resolves once the host was reached, or can't be for now: it is looked for until the grid ends, as one that was lost is. Rejects with
   * words where a person has to do something first.
   */
  async opened(): Promise<void> {
    for (const over = performance.now() + firstMs; !this.#isUp && !this.context.signal.aborted; ) {
      if (this.#trouble?.isLasting) throw new GridfarmError('environment', this.#trouble.words);
      if (this.#trouble !== undefined || performance.now() > over) return;
      await sleep(50);
    }
  }

  async start(count: number): Promise<void> {
    if (count < 1) return;
    const host = hostName(this.entry);
    const { trouble } = this.#troubleInWords();
    if (trouble !== undefined) throw new GridfarmError('environment', trouble);
    const missing = this.#contact?.missing.filter(program => program !== 'tar') ?? [];
    if (missing.length > 0)
      throw new GridfarmError(
        'environment',
        `${host} has no ${missing.join(', ')}: install it there (setsid is part of util-linux, nohup of coreutils), or start \`grid agent\` there by hand`,
      );
    const { fleet, port } = this.notes.content;
    const home = `${this.#contact?.home}/.cache/gridfarm/agents/${fleet}`;
    const script = await this.context.agentScript({
      name: agentName(this.entry),
      server: `${new URL(this.context.localUrl).protocol}//127.0.0.1:${port}`,
      home,
      arguments: ['--slots', `${home}/slots.json`],
    });
    // Before it is started: a runner that dies in between looks for it there.
    await this.notes.write({ ...this.notes.content, isStarted: true });
    const said = await this.connection.run(
      startScript(fleet, port, localSlots(this.entry), script),
      commandMs,
    );
    const answer = parseAnswer(said.stdout);
    if (answer.state === undefined)
      throw new GridfarmError(
        'environment',
        `the agent can’t be started: ${troubleOf(said.words, this.entry).words}`,
      );
    await this.#note(answer, true);
  }

  async look(): Promise<FleetState> {
    if (this.#isUp) {
      const { stdout } = await this.connection.run(statusScript(this.notes.content.fleet), commandMs);
      const answer = parseAnswer(stdout);
      // No answer is none: the connection tells by itself when it is lost.
      if (answer.state !== undefined) await this.#note(answer);
      await this.#endStranger();
    }
    const isThere = this.#answer === undefined ? this.notes.content.isStarted : isAtWork(this.#answer);
    return { waiting: 0, running: isThere ? 1 : 0, ...this.#troubleInWords() };
  }

  #troubleInWords(): { trouble?: string } {
    if (this.#isUp) return {};
    if (this.#trouble === undefined) return { trouble: `${hostName(this.entry)} isn’t reached yet` };
    const { words, isLasting } = this.#trouble;
    return { trouble: isLasting ? words : `${words}; it is tried again` };
  }

  async stop(what: 'waiting' | 'all'): Promise<void> {
    if (what === 'waiting') return;
    const script = stopScript(this.notes.content.fleet);
    // Its own connection: the other one ends with the grid.
    const { stdout } = await this.connection.runApart(script, commandMs);
    const answer = parseAnswer(stdout);
    if (answer.state !== undefined) await this.#note(answer, false);
  }

  async lastWords(): Promise<string | undefined> {
    return this.#answer?.log || undefined;
  }

  /** `wasAtWork`: it is news that an agent has ended. */
  async #note(
    answer: HostAnswer,
    wasAtWork = this.#answer !== undefined && isAtWork(this.#answer),
  ): Promise<void> {
    this.#answer = answer;
    if (wasAtWork && answer.state === 'ended' && answer.exitCode !== 0)
      this.context.say(`the agent on ${hostName(this.entry)} ended with ${answer.exitCode}: ${answer.log}`);
    const { content } = this.notes;
    try {
      if (content.isStarted !== isAtWork(answer))
        await this.notes.write({ ...content, isStarted: isAtWork(answer) });
    } catch (error) {
      // The next contact finds out anew.
      this.context.say(`what is known of ${hostName(this.entry)} can’t be kept: ${(error as Error).message}`);
    }
  }

  async #endStranger(): Promise<void> {
    const isStranger =
      this.#answer?.state === 'agent' &&
      this.context.connected().length === 0 &&
      performance.now() - this.#upSince > strangerMs;
    if (!isStranger) return;
    this.context.say(
      `${hostName(this.entry)}: the agent there isn’t in touch, though it could be: it is ended`,
    );
    await this.stop('all');
  }

  /** The agent is to hear that the grid is over: the way to it stays open until it has, or the coordinator is closed. */
  async #farewell(): Promise<void> {
    const start = performance.now();
    while (this.#isUp && this.context.connected().length > 0 && performance.now() - start < farewellMs)
      await sleep(50);
    this.#closing.abort();
  }

  /** Connects, and connects again, until the grid ends. */
  async #keepUp(): Promise<void> {
    const { signal } = this.#closing;
    for (let failures = 0; !signal.aborted; ) {
      const wasUp = await this.#connect();
      if (signal.aborted) return;
      failures = wasUp ? 0 : failures + 1;
      await sleep(Math.min(500 * 2 ** failures, longestPauseMs), undefined, { signal }).catch(() => {});
    }
  }

  /** Resolves when the connection is over, to whether there was one. */
  async #connect(): Promise<boolean> {
    const { fleet, port } = this.notes.content;
    const host = hostName(this.entry);
    const contact = await this.connection.runApart(contactScript(fleet, port), commandMs);
    const answer = parseAnswer(contact.stdout);
    if (answer.state === undefined) {
      this.#trouble = contact.isMissing ? noSsh : troubleOf(contact.words, this.entry);
      return false;
    }
    this.#contact = answer;
    await this.#note(answer);
    let wasUp = false;
    const target = `127.0.0.1:${new URL(this.context.localUrl).port}`;
    const ready = () => {
      wasUp = true;
      this.#isUp = true;
      this.#trouble = undefined;
      this.#upSince = performance.now();
      if (this.#lostSince !== undefined) {
        const seconds = Math.round((performance.now() - this.#lostSince) / 1000);
        this.context.say(`${host} is in touch again after ${seconds} s`);
      }
      this.#lostSince = undefined;
    };
    const said = await this.connection.forward(fleet, port, target, ready, this.#closing.signal);
    this.#isUp = false;
    if (this.#closing.signal.aborted) return wasUp;
    this.#trouble = troubleOf(said, this.entry);
    if (wasUp) {
      this.#lostSince = performance.now();
      this.context.say(
        `${host} is out of touch; its agent goes on, and is looked for until it is found again`,
      );
    } else if (/forwarding failed/.test(said)) await this.#anotherPort();
    return wasUp;
  }

  #portFailures = 0;

  /** Another program has it: the agent, which looks for the coordinator there, is ended with the next contact. */
  async #anotherPort(): Promise<void> {
    this.#portFailures++;
    if (this.#portFailures % portTries !== 0) return;
    await this.notes.write({ ...this.notes.content, port: newPort() });
  }
}

const isAtWork = ({ state }: HostAnswer) => state === 'agent' || state === 'starting';

/** Above those of services and below those that systems give out by themselves. */
export const newPort = (): number => 20_000 + Math.floor(Math.random() * 12_000);
