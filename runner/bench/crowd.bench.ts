/**
 * 1,000 agents on one coordinator, a real `grid run`: each has a run, tells an event every few seconds and waits for commands. They are
 * simulated by this process, which shares the machine with it; how long a message takes is told as they see it, and as the
 * coordinator does.
 */
import { readFileSync, rmSync } from 'node:fs';
import { Agent as Connections, request } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LeaseAnswer, SessionAnswer } from '../agents/messages.js';
import { programVersion } from '../agents/program-version.js';
import { TokenFile } from '../agents/server/tokens.js';
import { prepareFarm, startRun } from '../test/fixtures/farm-run.js';
import type { Told } from './fixtures/tell-times.js';

const agents = Number(process.argv[2] ?? 1000);
const everyMs = 3000;
const measuredMs = 60_000;

const folder = prepareFarm({ seeds: agents, epochs: 1000 });
const tells = join(folder, 'tells.json');
const { secret } = await new TokenFile(join(folder, 'results/agents/tokens.json')).add('crowd');
const preload = new URL('./fixtures/tell-times.js', import.meta.url).href;
const run = await startRun(folder, 'agents.yaml', 'results', {
  environment: {
    ...process.env,
    NODE_OPTIONS: `--import=${preload}`,
    GRID_BENCH_TELLS: tells,
  },
});
const connections = new Connections({ keepAlive: true, noDelay: true });
let isOver = false;

function askOnce<T>(path: string, body: object): Promise<T> {
  return new Promise((resolve, reject) => {
    const asking = request(
      `${run.url}${path}`,
      {
        agent: connections,
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      },
      answer => {
        let text = '';
        answer.on('data', (piece: Buffer) => {
          text += piece.toString();
        });
        answer.on('end', () => {
          if (answer.statusCode === 200) resolve(JSON.parse(text) as T);
          else reject(new Error(`${path}: ${answer.statusCode} ${text}`));
        });
      },
    );
    asking.on('error', reject);
    asking.end(JSON.stringify(body));
  });
}

/** As an agent does: a connection that the other end has closed meanwhile is no answer. */
async function ask<T>(path: string, body: object): Promise<T> {
  for (;;) {
    try {
      return await askOnce<T>(path, body);
    } catch (error) {
      if (!('code' in (error as Error))) throw error;
      resets++;
    }
  }
}

let resets = 0;
let times: number[] = [];
let begun = 0;

async function simulate(index: number): Promise<void> {
  const { session } = await ask<SessionAnswer>('/v1/sessions', {
    protocol: 1,
    version: programVersion,
    agentId: `crowd-${index}-agent`,
    name: `a${index}`,
    slots: [{ name: 'cpu0', device: 'a CPU', memoryMegabytes: 8000, shares: null, dataRoot: '/nowhere' }],
    engine: null,
    secondsLeft: null,
    runs: [],
    data: [],
  });
  let answer: LeaseAnswer;
  do answer = await ask('/v1/leases', { session, slot: 'cpu0', secondsLeft: null, waitSeconds: 25 });
  while (answer.type !== 'run');
  const { ref, cellId } = answer.run;
  void (async () => {
    while (!isOver) await ask('/v1/commands', { session, waitSeconds: 20, known: [{ ref, command: 'go' }] });
  })().catch(() => {});
  const tell = (from: number, events: object[]) =>
    ask<{ next: number | null }>(`/v1/runs/${ref}/events`, { session, from, events, passing: [], log: '' });
  while ((await tell(1, [])).next === null);
  const engine = { name: 'wasm', version: '1', device: 'a CPU' };
  const provenance = { dataFingerprint: 'none', trainerVersion: '1', engine };
  const sizes = { parameters: 1, trainImages: 1, validationImages: 1, classes: 2 };
  await tell(1, [{ type: 'started', cellId, provenance, resumedFromEpoch: 0, history: [], ...sizes }]);
  begun++;
  const metrics = {
    validationAccuracy: 0.5,
    validationLoss: 1,
    trainLoss: 1,
    trainAccuracy: 0.5,
    seconds: 3,
  };
  await sleep(Math.random() * everyMs);
  for (let epoch = 1; !isOver; epoch++) {
    const asked = performance.now();
    await tell(epoch + 1, [{ type: 'epoch', cellId, epoch, step: epoch, metrics }]);
    times.push(performance.now() - asked);
    await sleep(Math.max(0, everyMs * (0.75 + Math.random() / 2) - (performance.now() - asked)));
  }
}

async function told(): Promise<Told> {
  rmSync(tells, { force: true });
  run.child.kill('SIGUSR2');
  for (;;) {
    await sleep(200);
    try {
      return JSON.parse(readFileSync(tells, 'utf8')) as Told;
    } catch {
      // Not yet.
    }
  }
}

const percentile = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)]!;

try {
  const began = performance.now();
  const all = Array.from({ length: agents }, (_, index) => simulate(index));
  const failed = Promise.all(all);
  failed.catch(() => {});
  const up = (async () => {
    while (begun < agents) await sleep(100);
  })();
  await Promise.race([up, failed]);
  const upSeconds = (performance.now() - began) / 1000;
  await Promise.race([sleep(2 * everyMs), failed]);
  await told();
  times = [];
  const cpu = process.cpuUsage();
  await Promise.race([sleep(measuredMs), failed]);
  const { events, delay, cpu: share, rssMegabytes } = await told();
  const { user, system } = process.cpuUsage(cpu);
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const spread = (values: readonly number[]) =>
    `median ${ms(percentile(values, 0.5))}, p99 ${ms(percentile(values, 0.99))}, n = ${values.length}`;
  process.stdout.write(`${cpus()[0]?.model} × ${cpus().length}, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}; ${agents} agents, an event every ${everyMs / 1000} s each, ${measuredMs / 1000} s
all have begun a run after       ${upSeconds.toFixed(1)} s
events, as agents see them       ${spread(times)}
events, in the coordinator       ${spread(events)}
connections that broke           ${resets}
its event loop is late by        median ${ms(delay.median)}, p99 ${ms(delay.p99)}
its CPU                          ${(share * 100).toFixed(0)}% of a core; agents: ${((user + system) / 10 / measuredMs).toFixed(0)}%
its memory                       ${rssMegabytes.toFixed(0)} MB
`);
} catch (error) {
  process.stdout.write(`${run.said().slice(-2000)}\n`);
  throw error;
} finally {
  isOver = true;
  run.child.kill('SIGKILL');
  await run.ended;
  connections.destroy();
  rmSync(folder, { recursive: true, force: true });
}
process.exit();
