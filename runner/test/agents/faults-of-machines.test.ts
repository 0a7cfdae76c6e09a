/** What machines do to a grid on agents, disks and clocks: each time it must end as if nothing had happened. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { TokenFile } from '../../agents/server/tokens.js';
import { cuttableLink } from '../fixtures/cuttable-link.js';
import { startAgent, type TestAgent, temporaryFolder } from '../fixtures/farm.js';
import { type FarmRun, findings, prepareFarm, startRun, until } from '../fixtures/farm-run.js';
import { canMount, type SmallDisk, smallDisk } from '../fixtures/small-disk.js';

const size = { seeds: 2, epochs: 8 };
let undisturbed: unknown;
const agents: TestAgent[] = [];
const disks: SmallDisk[] = [];
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
  for (const each of [...disks.splice(0), ...links.splice(0)]) each.close();
});

const canMountHere = canMount(mkdtempSync(join(tmpdir(), 'gridfarm-mount-')));
const full = 'the disk is full';

function disk(folder: string, megabytes = 64): SmallDisk {
  const made = smallDisk(folder, megabytes);
  disks.push(made);
  return made;
}

async function begin(folder = prepareFarm(size)) {
  const tokens = new TokenFile(join(folder, 'results/agents/tokens.json'));
  const { secret } = await tokens.add('box');
  run = await startRun(folder);
  return { run, secret };
}

function agent(
  url: string,
  secret: string,
  home = temporaryFolder('agent'),
  environment: Record<string, string> = {},
): TestAgent {
  const started = startAgent(url, secret, { name: 'one', more: ['--engine', 'wasm'], home, environment });
  agents.push(started);
  return started;
}

const epochsSaid = (of: FarmRun) => of.said().match(/ epoch \d+\/8/g)?.length ?? 0;

async function expectAsUndisturbed(of: FarmRun): Promise<void> {
  const code = await of.ended;
  expect(code, of.said() + agents.map(each => each.said()).join('')).toBe(0);
  expect(await findings(of.results)).toEqual(undisturbed);
  // Each cell once: what a full disk held up has gone on.
  expect(of.said().match(/ completed/g)?.length, of.said()).toBeGreaterThanOrEqual(size.seeds);
}

describe.skipIf(!canMountHere)('a disk that is full (needs the right to mount one)', () => {
  test('the coordinator’s, in the middle: all goes on when there is room', async () => {
    const folder = prepareFarm(size);
    const results = disk(join(folder, 'results'));
    const { run: mine, secret } = await begin(folder);
    const one = agent(mine.url, secret);
    await until(() => epochsSaid(mine) >= 3);
    results.fill();
    await until(() => mine.said().includes(full), 60);
    await sleep(10_000);
    const heard = one.said();
    results.free();
    await expectAsUndisturbed(mine);
    expect(heard).toContain(full);
  }, 300_000);

  test('the agent’s, in the middle: all goes on when there is room', async () => {
    const home = temporaryFolder('agent');
    const own = disk(home);
    const { run: mine, secret } = await begin();
    const one = agent(mine.url, secret, home);
    await until(() => epochsSaid(mine) >= 3);
    own.fill();
    await until(() => mine.said().includes(full), 60);
    await sleep(10_000);
    const heard = one.said();
    own.free();
    await expectAsUndisturbed(mine);
    expect(heard).toContain(full);
  }, 300_000);

  test('the agent’s, when it is given a cell: it begins when there is room', async () => {
    const home = temporaryFolder('agent');
    const own = disk(home);
    const { run: mine, secret } = await begin();
    const link = await cuttableLink(mine.url);
    links.push(link);
    link.cut();
    const one = agent(link.url, secret, home);
    await until(() => existsSync(join(home, 'one/id')), 60);
    own.fill();
    link.mend();
    await until(() => mine.said().includes(full) && one.said().includes(full), 60);
    own.free();
    await expectAsUndisturbed(mine);
    expect(one.said()).toContain('goes on');
  }, 300_000);

  test('the agent’s, and the agent is started again: what it had told stays told', async () => {
    const home = temporaryFolder('agent');
    const own = disk(home);
    const { run: mine, secret } = await begin();
    const first = agent(mine.url, secret, home);
    await until(() => epochsSaid(mine) >= 3);
    own.fill();
    await until(() => first.said().includes(full), 60);
    await first.end('SIGKILL');
    own.free();
    agent(mine.url, secret, home);
    await expectAsUndisturbed(mine);
  }, 300_000);
});

/** A module for `--import`: the clock of every Node process is so many hours off, each of them for two seconds, in turn. */
const clockOff = (hours: readonly number[]) =>
  `data:text/javascript,${encodeURIComponent(`
    const now = Date.now;
    const hours = ${JSON.stringify(hours)};
    const shifted = () => now() + hours[Math.floor(performance.now() / 2000) % hours.length] * 3_600_000;
    globalThis.Date = class extends Date {
      constructor(...values) {
        super(...(values.length === 0 ? [shifted()] : values));
      }
      static now = shifted;
    };
  `)}`;

test.each([
  { clock: '5 hours ahead', hours: [5] },
  { clock: '30 days behind', hours: [-720] },
  { clock: 'jumping', hours: [0, 5, -3, 48, -720] },
])(
  'the agent’s clock is $clock: it changes nothing',
  async ({ hours }) => {
    const { run: mine, secret } = await begin(prepareFarm({ ...size, leaseSeconds: 10 }));
    const one = agent(mine.url, secret, undefined, { NODE_OPTIONS: `--import=${clockOff(hours)}` });
    await expectAsUndisturbed(mine);
    // It was off indeed, which its own words show.
    if (hours.length === 1) expect(one.said()).not.toContain(new Date().toISOString().slice(0, 13));
    // None of its leases was over, and nothing was begun again.
    expect(mine.said()).not.toMatch(/has left: no word|run 2/);
  },
  300_000,
);
