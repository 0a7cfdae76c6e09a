/** What starts agents somewhere: a cluster, hosts behind ssh, a notebook service, a command of the user's. */

/** What a launcher is given by the `grid run` that opens one of its entries. */
export interface LaunchContext {
  /** Of the `grid run`: programs of the cluster are found and configured by it. */
  environment: NodeJS.ProcessEnv;
  /** Absolute; this entry's own, exists, and is kept from one `grid run` to the next: what has been started is noted here. */
  folder: string;
  /** The entry as messages call it: `slots[1] (slurm)`. */
  entry: string;
  /**
   * Text of a POSIX shell script that gets this version onto the machine that it runs on, where it isn't there yet, and becomes `grid agent`
   * there (by `exec`: signals reach it). It takes no arguments. It contains a secret, and is good for any number of agents
   * unless `once`.
   */
  agentScript(options?: AgentScriptOptions): Promise<string>;
  /** Of this `grid run` on loopback, e.g. `http://127.0.0.1:7463`. */
  readonly localUrl: string;
  /** The agents of this entry that are in touch now, by name. */
  connected(): readonly string[];
  /** For the user, a line. */
  say(words: string): void;
  /** Aborted when the `grid run` ends. */
  signal: AbortSignal;
}

export interface AgentScriptOptions {
  /** Name of the agent, unless the script finds one by `nameFrom`; by default its host's. */
  name?: string;
  /** Shell words that the script evaluates to the agent's name there: `slurm-${SLURM_JOB_ID}`. */
  nameFrom?: string;
  /** Where the coordinator is from there; by default the entry's `server`, or `localUrl`. */
  server?: string;
  /** Folder of the agent there, by default `~/.cache/gridfarm/agent`, with `nameFrom` `…/agents/NAME`. */
  home?: string;
  /** Text of the agent's slots file; by default it has none. */
  slotsFile?: string;
  /** More arguments of `grid agent`: `['--hours', '11.5']`. */
  arguments?: readonly string[];
  /** Good for one agent. */
  once?: boolean;
  /** Run before anything else: lines of shell. */
  setup?: string;
  /** `grid setup` runs before the agent: the native engine. */
  setupEngine?: boolean;
}

/** What a cluster says of the agents of an entry: a hint, never what decides. */
export interface FleetState {
  /** Asked for and not yet begun. */
  waiting: number;
  running: number;
  /** Why it can't be told, or why none begin: words for the user. */
  trouble?: string;
}

/** The agents of one entry. */
export interface Fleet {
  /** Asks for so many more agents; the cluster begins them when it can. Rejects with words for the user if it refuses. */
  start(count: number): Promise<void>;
  /** Never rejects for a cluster that doesn't answer for a while: `trouble`. Those of an earlier `grid run` are counted. */
  look(): Promise<FleetState>;
  /** Takes back what waits; `all`: ends what runs as well. What can't be ended is ended by its lease; rejects as `look`: never. */
  stop(what: 'waiting' | 'all'): Promise<void>;
  /** What an agent that has ended left behind, newest: a line or a few for the user where none comes up. Never rejects. */
  lastWords(): Promise<string | undefined>;
}

/** A way to start agents. One object a file, listed in `registry.ts`. */
export interface Launcher<Entry = unknown> {
  /** Value of `backend` in a slots file. */
  readonly name: string;
  /** JSON Schema of its own keys of an entry. */
  readonly schema: object;
  /** Most agents of an entry at a time. */
  max(entry: Entry): number;
  /** Rejects with words for the user where it can't work: a program is missing, a host doesn't answer. Starts none. */
  open(entry: Entry, context: LaunchContext): Promise<Fleet>;
  /** What a cluster would be asked for, for `--dry-run`: as its own tools take it, but for what is secret. */
  preview?(entry: Entry): string;
  /** What is missing for it to work, for `grid doctor --slots`; empty: nothing. */
  check(entry: Entry, environment: NodeJS.ProcessEnv): Promise<string[]>;
}
