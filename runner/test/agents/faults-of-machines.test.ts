/** What machines do to a grid on agents, disks and clocks: each time it must end as if nothing had happened. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cuttableLink } from '../fixtures/cuttable-link.js';
import { temporaryFolder } from '../fixtures/farm.js';
import { type FarmRun, prepareFarm, until } from '../fixtures/farm-run.js';
import { epochsSaid, faultBed } from '../fixtures/fault-bed.js';
import { canMount, smallDisk } from '../fixtures/small-disk.js';

const seeds = 2;
const size = { seeds, epochs: 8 };
const bed = faultBed(size);

const canMountHere = canMount(mkdtempSync(join(tmpdir(), 'gridfarm-mount-')));
const full = 'the disk is full';

const disk = (folder: string) => bed.closing(smallDisk(folder, 64));

/** Each cell once, at least: what a full disk held up has gone on. */
async function expectAsUndisturbed(run: FarmRun): Promise<void> {
  await bed.expectAsUndisturbed(run);
  expect(run.said().match(/ completed/g)?.length, run.said()).toBeGreaterThanOrEqual(seeds);
}

describe.skipIf(!canMountHere)('a disk that is full (needs the right to mount one)', () => {
  test('the coordinator’s, in the middle: all goes on when there is room', async () => {
    const folder = prepareFarm(size);
    const results = disk(join(folder, 'results'));
    const { run: mine, secret } = await bed.begin({ folder });
    const one = bed.agent(mine.url, secret);
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
    const { run: mine, secret } = await bed.begin();
    const one = bed.agent(mine.url, secret, { home });
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
    const { run: mine, secret } = await bed.begin();
    const link = bed.closing(await cuttableLink(mine.url));
    link.cut();
    const one = bed.agent(link.url, secret, { home });
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
    const { run: mine, secret } = await bed.begin();
    const first = bed.agent(mine.url, secret, { home });
    await until(() => epochsSaid(mine) >= 3);
    own.fill();
    await until(() => first.said().includes(full), 60);
    await first.end('SIGKILL');
    own.free();
    bed.agent(mine.url, secret, { home });
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
    const { run: mine, secret } = await bed.begin({ leaseSeconds: 10 });
    const one = bed.agent(mine.url, secret, { environment: { NODE_OPTIONS: `--import=${clockOff(hours)}` } });
    await expectAsUndisturbed(mine);
    // It was off indeed, which its own words show.
    if (hours.length === 1) expect(one.said()).not.toContain(new Date().toISOString().slice(0, 13));
    // None of its leases was over, and nothing was begun again.
    expect(mine.said()).not.toMatch(/has left: no word|run 2/);
  },
  300_000,
);
