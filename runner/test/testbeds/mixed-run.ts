/**
 * A grid of 24 cells on this machine, two hosts behind ssh, Slurm, Ray and two agents by hand, all at once, with cuts while it runs; then
 * the same on this machine alone. Ends with 0 if both found the same.
 *
 *     node dist/runner/test/testbeds/mixed-run.js DATA OUT
 *
 * DATA: folder with train.zip and train.csv (Id, Category); OUT: what it leaves: logs, leaderboards, results.
 */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { TokenFile } from '../../agents/server/tokens.js';
import { startAgent, type TestAgent } from '../fixtures/farm.js';
import { type FarmRun, findings, leaderboard, startRun, until } from '../fixtures/farm-run.js';
import { RayHead, rayMissing } from './ray.js';
import { SlurmCluster, slurmMissing } from './slurm.js';
import { noSshHosts, SshHosts } from './ssh.js';

const [data, out] = process.argv.slice(2).map(path => resolve(path));
if (data === undefined || out === undefined) throw new Error('usage: mixed-run.js DATA OUT');

const grid = {
  name: 'faults',
  data: {
    name: 'mixed',
    format: 'csv',
    root: data,
    images: 'train.zip',
    labels: 'train.csv',
    limit: { classes: 10, imagesPerClass: 30 },
  },
  scheduler: 'cosine',
  train: { epochs: 5, batchSize: 32 },
  axes: {
    model: {
      resnet20: { name: 'resnet20', width: 8 },
      mobilenetV3Small: { name: 'mobilenetV3Small', width: 0.5 },
    },
    optimizer: { sgd: { name: 'sgd', learningRate: 0.05 }, adam: { name: 'adam', learningRate: 0.003 } },
    seed: [1, 2, 3, 4, 5, 6],
  },
};

rmSync(join(out, 'results'), { recursive: true, force: true });
rmSync(join(out, 'alone'), { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const began = performance.now();
const log = join(out, 'mixed.log');
writeFileSync(log, '');
function say(words: string): void {
  const line = `${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${words}\n`;
  process.stdout.write(line);
  appendFileSync(log, line);
}

const closing: (() => unknown)[] = [];
const entries: object[] = [{ backend: 'local', cpus: 1 }];
let environment: NodeJS.ProcessEnv = process.env;
let hosts: SshHosts | undefined;
if (noSshHosts !== undefined) say(`without ssh: ${noSshHosts}`);
else {
  hosts = await SshHosts.up(join(out, 'hosts'), 2);
  closing.push(() => hosts?.down());
  const sshConfig = hosts.config;
  // To the one its data is sent; the other has it.
  entries.push({ backend: 'ssh', host: 'h1', sshConfig, cpus: 1 });
  entries.push({ backend: 'ssh', host: 'h2', sshConfig, cpus: 1, data });
}
const noSlurm = slurmMissing();
if (noSlurm !== undefined) say(`without Slurm: ${noSlurm}`);
else {
  const cluster = await SlurmCluster.start(1, 1);
  closing.push(() => cluster.stop());
  environment = { ...process.env, SLURM_CONF: cluster.environment.SLURM_CONF };
  entries.push({ backend: 'slurm', max: 1, cpus: 1, time: '01:00:00' });
}
const noRay = rayMissing();
if (noRay !== undefined) say(`without Ray: ${noRay}`);
else {
  const head = new RayHead();
  await head.start();
  closing.push(() => head.kill());
  entries.push({ backend: 'ray', address: head.address, max: 1 });
}
entries.push({ backend: 'agents', leaseSeconds: 60 });
writeFileSync(join(out, 'grid.yaml'), JSON.stringify(grid, undefined, 2));
writeFileSync(join(out, 'mixed.yaml'), JSON.stringify({ slots: entries }, undefined, 2));
writeFileSync(join(out, 'local.yaml'), JSON.stringify({ slots: [{ backend: 'local', cpus: 2 }] }));
const { secret } = await new TokenFile(join(out, 'results/agents/tokens.json')).add('by-hand');

let agents: TestAgent[] = [];
try {
  const run = await mixed();
  const alone = await startRun(out, 'local.yaml', 'alone');
  say(`the same on this machine alone: exit code ${await alone.ended}`);
  writeFileSync(join(out, 'alone-run.log'), alone.said());
  const boards = [await board(run.results), await board(alone.results)];
  say(`leaderboard of the mixed run:\n\n${boards[0]}`);
  const found = [await findings(run.results), await findings(alone.results)];
  const cells = (found[0] as { state: string }[]).filter(({ state }) => state === 'completed').length;
  const isSame = isDeepStrictEqual(found[0], found[1]) && boards[0] === boards[1] && cells === 24;
  say(`${cells} of 24 cells completed; metrics, weights and leaderboard ${isSame ? 'the same' : 'DIFFER'}`);
  if (!isSame) writeFileSync(join(out, 'differ.json'), JSON.stringify(found, undefined, 1));
  process.exitCode = isSame ? 0 : 1;
} finally {
  for (const agent of agents) await agent.end('SIGKILL');
  for (const close of closing) await close();
}

async function mixed(): Promise<FarmRun> {
  let run = await startRun(out!, 'mixed.yaml', 'results', { environment });
  const said = [run.said];
  const words = () => said.map(each => each()).join('');
  const epochs = () => words().match(/ epoch \d+\/\d+/g)?.length ?? 0;
  const byHand = (name: string, home?: string) =>
    startAgent(run.url, secret, {
      name,
      more: ['--engine', 'wasm', '--data', data!],
      ...(home !== undefined && { home }),
    });
  agents = [byHand('one'), byHand('two')];
  say(`begun with ${entries.length} entries and two agents by hand`);
  const isOver = () => run.child.exitCode !== null;
  const at = async (count: number) => {
    await until(() => epochs() >= count || isOver(), 1200);
    return !isOver();
  };

  if ((await at(10)) && hosts !== undefined) {
    say('ssh: h1 is cut off');
    await hosts.cut(1);
    await sleep(20_000);
    await hosts.mend(1);
    say('ssh: h1 is back after 20 s');
  }
  if (await at(25)) {
    say('agent one is killed');
    await agents[0]!.end('SIGKILL');
    await sleep(3000);
    agents[0] = byHand('one', agents[0]!.home);
    say('agent one is started again');
  }
  if (await at(40)) {
    say('the coordinator is killed');
    run.child.kill('SIGKILL');
    await run.ended;
    await sleep(3000);
    run = await run.again();
    said.push(run.said);
    say('the coordinator is started again');
  }
  if ((await at(60)) && hosts !== undefined) {
    say('ssh: sshd of h2 is restarted');
    await hosts.bounce(2);
  }
  const code = await run.ended;
  writeFileSync(join(out!, 'mixed-run.log'), words());
  writeFileSync(join(out!, 'agents.log'), agents.map(agent => agent.said()).join('\n---\n'));
  const slots = new Map<string, number>();
  for (const [, slot] of words().matchAll(/ (\S+) \S+ completed \(/g))
    slots.set(slot!, (slots.get(slot!) ?? 0) + 1);
  say(`exit code ${code}; cells completed by slot: ${JSON.stringify(Object.fromEntries(slots))}`);
  return run;
}

async function board(results: string): Promise<string> {
  const rows = await leaderboard(results);
  return rows.map(({ value, labels }) => `${value.toFixed(4)} ${JSON.stringify(labels)}`).join('\n');
}
