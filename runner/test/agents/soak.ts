/**
 * A small grid on agents, disturbed at random: it must end as one that nobody disturbs. Not among the tests, since it takes as long as
 * one lets it. Ends with 0 if all is well.
 *
 *     node dist/runner/test/agents/soak.js [--minutes 10] [--seed N]
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { TokenFile } from '../../agents/server/tokens.js';
import { cuttableLink } from '../fixtures/cuttable-link.js';
import { startAgent, type TestAgent, temporaryFolder, trainersOf } from '../fixtures/farm.js';
import { findings, prepareFarm, startRun, until } from '../fixtures/farm-run.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string', default: `${Date.now() % 1_000_000}` },
    cells: { type: 'string', default: '30' },
  },
});
const seed = Number(values.seed);
const leaseSeconds = 10;
const size = { seeds: Number(values.cells), epochs: 8, leaseSeconds };

let state = seed >>> 0;
/** mulberry32, from 0 to 1. */
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}
const between = (low: number, high: number) => low + random() * (high - low);

const began = performance.now();
const say = (words: string) =>
  process.stdout.write(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${words}\n`);
say(`seed ${seed}, ${values.minutes} minutes, ${size.seeds} cells, leases of ${leaseSeconds} s`);

const folder = prepareFarm(size);
// More happens to a cell here than to any in earnest: none is to be given up for it.
appendFileSync(join(folder, 'grid.yaml'), 'retry: { attempts: 100, backoffSeconds: 0 }\n');
const tokens = new TokenFile(join(folder, 'results/agents/tokens.json'));

/** An agent behind a link of its own, and what may happen to it. */
class Victim {
  agent!: TestAgent;
  #link!: Awaited<ReturnType<typeof cuttableLink>>;
  readonly home = temporaryFolder('soak');
  #secret = '';

  constructor(readonly name: string) {}

  async begin(): Promise<void> {
    this.#link = await cuttableLink(run.url);
    this.#secret = (await tokens.add(this.name)).secret;
    this.start();
  }

  start(): void {
    const more = ['--engine', 'wasm'];
    this.agent = startAgent(this.#link.url, this.#secret, { name: this.name, home: this.home, more });
  }

  get trainers(): number[] {
    return trainersOf(this.home, this.name);
  }

  signal(name: NodeJS.Signals, pids: readonly number[]): void {
    for (const pid of pids)
      try {
        process.kill(pid, name);
      } catch {
        // It has ended by itself.
      }
  }

  async cut(seconds: number): Promise<void> {
    this.#link.cut();
    await sleep(seconds * 1000);
    this.#link.mend();
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.agent.end(signal);
    await sleep(between(0, 5000));
    this.start();
  }

  async sleep(seconds: number): Promise<void> {
    const pids = [this.agent.child.pid!, ...this.trainers];
    this.signal('SIGSTOP', pids);
    await sleep(seconds * 1000);
    this.signal('SIGCONT', pids.reverse());
  }

  async revoke(): Promise<void> {
    await tokens.revoke(this.name);
    await until(() => this.agent.child.exitCode !== null, 60);
    this.#secret = (await tokens.add(this.name)).secret;
    this.start();
  }

  async end(): Promise<void> {
    this.#link.close();
    await this.agent.end('SIGKILL');
  }
}

let run = await startRun(folder);
let said = '';
const victims = [new Victim('one'), new Victim('two')];
for (const victim of victims) await victim.begin();
let isKilling = false;

async function coordinatorDies(): Promise<void> {
  if (isKilling) return;
  isKilling = true;
  run.child.kill('SIGKILL');
  await run.ended;
  said += run.said();
  await sleep(between(0, 15_000));
  run = await run.again();
  isKilling = false;
}

const faults: Record<string, (victim: Victim) => Promise<unknown>> = {
  'the coordinator is killed': coordinatorDies,
  'the agent is killed': victim => victim.kill('SIGKILL'),
  'the agent is ended': victim => victim.kill('SIGTERM'),
  'its trainer is killed': async victim => victim.signal('SIGKILL', victim.trainers),
  'its link is cut for a moment': victim => victim.cut(between(0.2, 5)),
  'its link is cut past its lease': victim => victim.cut(between(leaseSeconds, 3 * leaseSeconds)),
  'it sleeps': victim => victim.sleep(between(0.5, 3 * leaseSeconds)),
  'its token is revoked': victim => victim.revoke(),
};

/** One fault after the other for each agent, so that those of both overlap. */
async function disturb(victim: Victim, until: number): Promise<void> {
  const names = Object.keys(faults);
  while (performance.now() < until) {
    await sleep(between(2000, 15_000));
    if (run.child.exitCode !== null) return;
    const name = names[Math.floor(random() * names.length)]!;
    say(`${victim.name}: ${name}`);
    await faults[name]!(victim);
  }
}

try {
  const over = began + Number(values.minutes) * 60_000;
  await Promise.all(victims.map(victim => disturb(victim, over)));
  say('nothing more happens to them');
  const code = await run.ended;
  said += run.said();
  say(`exit code ${code}`);
  const found = (await findings(run.results)) as { state: string }[];
  const alone = await startRun(folder, 'local.yaml', 'alone');
  if ((await alone.ended) !== 0) throw new Error(alone.said());
  const cells = found.filter(cell => cell.state === 'completed').length;
  const isSame = isDeepStrictEqual(found, await findings(alone.results));
  say(`${cells} of ${size.seeds} cells completed; metrics and weights ${isSame ? 'the same' : 'DIFFER'}`);
  if (code !== 0 || !isSame || cells !== size.seeds) {
    process.exitCode = 1;
    process.stdout.write(`${said}\n${victims.map(victim => victim.agent.said()).join('\n')}\n${folder}\n`);
  }
} finally {
  run.child.kill('SIGKILL');
  for (const victim of victims) await victim.end();
}
