import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { integer, shape } from '../../../trainer/contract/shape.js';
import { fateOf, identityOf, type ProcessIdentity } from '../../../trainer/files/process-identity.js';
import { GridfarmError } from '../../domain/error.js';
import { signalGroup } from '../../trainer-client/process-group.js';
import { call, oneLine } from './call.js';
import type { Fleet, FleetState, LaunchContext, Launcher } from './launcher.js';
import { fleetNameSchema, Notes, newFleetName } from './notes.js';

/** Keys of an entry `backend: command`. */
export interface CommandEntry {
  start: string | string[];
  count?: string | string[];
  stop?: string | string[];
  max: number;
}

const command = (description: string) => ({
  anyOf: [
    { type: 'string', minLength: 1 },
    { type: 'array', items: { type: 'string' }, minItems: 1 },
  ],
  description,
});

/** Any program that starts an agent: it gets the script of one on its standard input. */
export const commandLauncher: Launcher<CommandEntry> = {
  name: 'command',
  schema: {
    type: 'object',
    additionalProperties: false,
    required: ['start', 'max'],
    properties: {
      start: command(
        'Starts one agent: gets a shell script that becomes one on its standard input, and its file as GRID_AGENT_SCRIPT',
      ),
      count: command(
        'Prints how many agents run, and how many wait: "3 2"; without it, an agent is there while what started it runs',
      ),
      stop: command('Ends agents: GRID_STOP is waiting, or all'),
      max: { type: 'integer', minimum: 1, maximum: 10_000, description: 'Most agents at a time' },
    },
  },

  max: entry => entry.max,

  async open(entry, context) {
    const notes = await Notes.open<CommandNotes>(context.folder, notesSchema, () => ({
      fleet: newFleetName(),
      next: 1,
      processes: [],
    }));
    return new CommandFleet(entry, context, notes);
  },

  // What the user's program needs only it knows.
  check: async () => [],
};

interface CommandNotes {
  fleet: string;
  /** Number of the next agent. */
  next: number;
  /** Those that were started and may be there yet. */
  processes: ProcessIdentity[];
}

const notesSchema = shape<CommandNotes>({
  fleet: fleetNameSchema,
  next: integer,
  processes: {
    type: 'array',
    items: shape<ProcessIdentity>({
      host: { type: 'string' },
      pid: integer,
      processStarted: { type: ['string', 'null'] },
    }),
  },
});

/** How long an agent is given to end what it is at. */
const graceMs = 10_000;

class CommandFleet implements Fleet {
  #seen: FleetState = { waiting: 0, running: 0 };

  constructor(
    private readonly entry: CommandEntry,
    private readonly context: LaunchContext,
    private readonly notes: Notes<CommandNotes>,
  ) {}

  async start(count: number): Promise<void> {
    for (let index = 0; index < count; index++) {
      const { fleet, next } = this.notes.content;
      const name = `command-${fleet.slice(-4)}-${next}`;
      await this.notes.write({ ...this.notes.content, next: next + 1 });
      const home = `$cache/agents/${name}`;
      await this.#startOne(name, await this.context.agentScript({ name, home }));
    }
  }

  async look(): Promise<FleetState> {
    const { count } = this.entry;
    if (count === undefined) {
      const running = this.notes.content.processes.filter(isThere);
      if (running.length < this.notes.content.processes.length)
        await this.notes.write({ ...this.notes.content, processes: running });
      return { waiting: 0, running: running.length };
    }
    const said = await this.#call(count, {});
    const numbers = /^\s*(\d+)(?:\s+(\d+))?\s*$/.exec(said.stdout);
    if (!said.isDone || numbers === null)
      return {
        ...this.#seen,
        trouble: `count: ${said.isDone ? `expected one number or two, got ${JSON.stringify(oneLine(said.stdout))}` : said.words}`,
      };
    this.#seen = { running: Number(numbers[1]), waiting: Number(numbers[2] ?? 0) };
    return this.#seen;
  }

  async stop(what: 'waiting' | 'all'): Promise<void> {
    const { count, stop } = this.entry;
    if (stop !== undefined) {
      const said = await this.#call(stop, { GRID_STOP: what });
      if (!said.isDone) this.context.say(`${this.context.entry}: stop: ${said.words}`);
    }
    if (what === 'all' && count === undefined) await this.#endProcesses();
  }

  async lastWords(): Promise<string | undefined> {
    try {
      return oneLine(readFileSync(this.#log, 'utf8')) || undefined;
    } catch {
      return undefined;
    }
  }

  async #startOne(name: string, script: string): Promise<void> {
    const file = join(this.context.folder, 'agent.sh');
    writeFileSync(file, script, { mode: 0o700 });
    const more = { GRID_AGENT_NAME: name, GRID_AGENT_SCRIPT: file };
    if (this.entry.count !== undefined) {
      const said = await this.#call(this.entry.start, more, script);
      if (!said.isDone) throw new GridfarmError('environment', `start: ${said.words}`);
      return;
    }
    const log = openSync(this.#log, 'a', 0o600);
    try {
      const [program, ...args] = words(this.entry.start);
      // It outlives this runner, and signals reach all that it starts.
      const child = spawn(program!, args, {
        env: this.#environment(more),
        detached: true,
        stdio: ['pipe' as const, log, log],
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', error =>
          reject(new GridfarmError('environment', `start: ${error.message}`, { cause: error })),
        );
      });
      // It may read its file instead.
      child.stdin!.on('error', () => {});
      child.stdin!.end(script);
      child.unref();
      const { content } = this.notes;
      await this.notes.write({ ...content, processes: [...content.processes, identityOf(child.pid!)] });
    } finally {
      closeSync(log);
    }
  }

  async #endProcesses(): Promise<void> {
    const began = performance.now();
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const left = this.notes.content.processes.filter(isThere);
      for (const { pid } of left)
        try {
          signalGroup(pid, signal);
        } catch {
          // Gone by itself.
        }
      while (left.some(isThere) && performance.now() - began < graceMs)
        await new Promise(resolve => setTimeout(resolve, 50));
    }
  }

  get #log(): string {
    return join(this.context.folder, 'log.txt');
  }

  #call(program: string | string[], more: Record<string, string>, input?: string) {
    const [first, ...args] = words(program);
    return call(first!, args, {
      environment: this.#environment(more),
      ...(input !== undefined && { input }),
    });
  }

  #environment(more: Record<string, string>): NodeJS.ProcessEnv {
    const { environment, localUrl, folder } = this.context;
    return { ...environment, GRID_SERVER: localUrl, GRID_FOLDER: folder, ...more };
  }
}

/** A line is the shell's. */
const words = (program: string | string[]): string[] =>
  typeof program === 'string' ? ['sh', '-c', program] : program;

/** One that can't be looked for from here isn't counted: its lease tells. */
const isThere = (process: ProcessIdentity) => ['alive', 'suspended'].includes(fateOf(process));
