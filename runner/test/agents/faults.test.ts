/** What cheap machines do to a grid: each time it must end as if nothing had happened. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TokenFile } from '../../agents/server/tokens.js';
import { cuttableLink } from '../fixtures/cuttable-link.js';
import { startAgent, type TestAgent, trainersOf } from '../fixtures/farm.js';
import { type FarmRun, findings, prepareFarm, startRun, until } from '../fixtures/farm-run.js';

const size = { seeds: 2, epochs: 8 };
let undisturbed: unknown;
const agents: TestAgent[] = [];
const links: { close(): void }[] = [];
let run: FarmRun | undefined;

beforeAll(async () => {
  const local = await startRun(prepareFarm(size), 'local.yaml');
  expect(await local.ended).toBe(0);
  undisturbed = await findings(local.results);
}, 300_000);

afterEach(async () => {
  run?.child.kill('SIGKILL');
  await Promise.all(agents.splice(0).map(agent => agent.end('SIGKILL')));
  for (const link of links.splice(0)) link.close();
});

async function begin(leaseSeconds = 180) {
  const folder = prepareFarm({ ...size, leaseSeconds });
  const tokens = new TokenFile(join(folder, 'results/agents/tokens.json'));
  const { secret } = await tokens.add('box');
  run = await startRun(folder);
  return { run, secret, tokens };
}

function agent(url: string, secret: string, name: string, home?: string): TestAgent {
  const more = ['--engine', 'wasm'];
  const started = startAgent(url, secret, { name, more, ...(home !== undefined && { home }) });
  agents.push(started);
  return started;
}

const epochsSaid = (of: FarmRun) => of.said().match(/ epoch \d+\/8/g)?.length ?? 0;

async function expectAsUndisturbed(of: FarmRun): Promise<void> {
  const code = await of.ended;
  expect(code, of.said() + agents.map(each => each.said()).join('')).toBe(0);
  expect(await findings(of.results)).toEqual(undisturbed);
}

describe('a grid on agents ends as one that nobody disturbs', () => {
  test('the coordinator is killed and started again: its runs go on', async () => {
    const { run: first, secret } = await begin();
    agent(first.url, secret, 'one');
    await until(() => epochsSaid(first) >= 3);
    first.child.kill('SIGKILL');
    await first.ended;
    await sleep(3000);
    run = await first.again();
    expect(run.url).toBe(first.url);
    await expectAsUndisturbed(run);
    // The run was gone on with, and not begun again.
    expect(run.said()).not.toContain('run 2');
  }, 300_000);

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'the agent is ended by %s and started again: it goes on with its run',
    async signal => {
      const { run: mine, secret } = await begin();
      const first = agent(mine.url, secret, 'one');
      await until(() => epochsSaid(mine) >= 3);
      const began = epochsSaid(mine);
      await first.end(signal);
      // At once, not when its run has come to its end.
      expect(epochsSaid(mine)).toBeLessThan(began + 4);
      agent(mine.url, secret, 'one', first.home);
      await expectAsUndisturbed(mine);
    },
    300_000,
  );

  test('a trainer is killed: the cell is tried again from its checkpoint', async () => {
    const { run: mine, secret } = await begin();
    const one = agent(mine.url, secret, 'one');
    await until(() => epochsSaid(mine) >= 3);
    const pids = trainersOf(one.home, 'one');
    expect(pids).toHaveLength(1);
    process.kill(pids[0]!, 'SIGKILL');
    await expectAsUndisturbed(mine);
    expect(mine.said()).toContain('crash');
  }, 300_000);

  test.each([3, 25])(
    'the link is cut for %i s',
    async seconds => {
      const { run: mine, secret } = await begin(10);
      const link = await cuttableLink(mine.url);
      links.push(link);
      agent(link.url, secret, 'one');
      await until(() => epochsSaid(mine) >= 2);
      link.cut();
      await sleep(seconds * 1000);
      expect(mine.said().includes('has left: no word')).toBe(seconds > 10);
      link.mend();
      await expectAsUndisturbed(mine);
    },
    300_000,
  );

  test('a second Ctrl-C ends a grid run whose agent is cut off, and the next one finds it', async () => {
    const { run: mine, secret } = await begin();
    const link = await cuttableLink(mine.url);
    links.push(link);
    agent(link.url, secret, 'one');
    await until(() => epochsSaid(mine) >= 2);
    link.cut();
    mine.child.kill('SIGINT');
    await sleep(2000);
    // It waits for the end of the epoch, of which it hears nothing.
    expect(mine.child.exitCode).toBeNull();
    mine.child.kill('SIGINT');
    const asked = performance.now();
    expect(await mine.ended, mine.said()).toBe(130);
    expect(performance.now() - asked).toBeLessThan(20_000);
    link.mend();
    run = await mine.again();
    await expectAsUndisturbed(run);
    // What the agent had gone on with by itself was taken up, and nothing trained twice.
    expect(run.said()).toMatch(/one\/cpu0 \S+ started \d, run 2/);
    expect(run.said()).not.toContain('run 3');
  }, 300_000);

  test('an agent is gone for good: another one goes on from what it had sent', async () => {
    const { run: mine, secret } = await begin(10);
    const one = agent(mine.url, secret, 'one');
    await until(() => epochsSaid(mine) >= 4);
    await one.end('SIGKILL');
    agent(mine.url, secret, 'two');
    await expectAsUndisturbed(mine);
    expect(mine.said()).toMatch(/two\/cpu0 .*started/);
    const began = mine
      .said()
      .split('\n')
      .filter(line => line.includes('two/cpu0') && line.includes(' epoch '));
    expect(began.length).toBeLessThan(16);
  }, 300_000);

  test('an agent sleeps past its lease, and wakes when another one has its cell', async () => {
    const { run: mine, secret } = await begin(10);
    const one = agent(mine.url, secret, 'one');
    await until(() => epochsSaid(mine) >= 2);
    // Its trainer sleeps with it.
    const trainers = trainersOf(one.home, 'one');
    for (const pid of [one.child.pid!, ...trainers]) process.kill(pid, 'SIGSTOP');
    agent(mine.url, secret, 'two');
    await until(() => mine.said().includes('one/cpu0 has left') && /two\/cpu0 .*epoch/.test(mine.said()));
    for (const pid of [...trainers, one.child.pid!]) process.kill(pid, 'SIGCONT');
    await expectAsUndisturbed(mine);
  }, 300_000);

  test('a token is revoked in the middle: its agent ends, and one with another goes on', async () => {
    const { run: mine, secret, tokens } = await begin();
    const one = agent(mine.url, secret, 'one');
    await until(() => epochsSaid(mine) >= 2);
    const { secret: other } = await tokens.add('other');
    expect(await tokens.revoke('box')).toBe(1);
    await until(() => mine.said().includes('was revoked'));
    // Nothing that waits to be sent keeps it.
    await until(() => one.child.exitCode !== null, 30);
    expect(one.child.exitCode).not.toBe(0);
    expect(one.said()).toContain('no valid token');
    agent(mine.url, other, 'two');
    await expectAsUndisturbed(mine);
  }, 300_000);
});
