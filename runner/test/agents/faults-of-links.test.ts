/** Agents that are out of touch, for a while or for good: each time the grid must end as if nothing had happened. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cuttableLink } from '../fixtures/cuttable-link.js';
import { trainersOf } from '../fixtures/farm.js';
import { until } from '../fixtures/farm-run.js';
import { epochsSaid, faultBed } from '../fixtures/fault-bed.js';

const bed = faultBed({ seeds: 2, epochs: 8 });

describe('a grid on agents that are out of touch ends as one that nobody disturbs', () => {
  test.each([3, 25])(
    'the link is cut for %i s',
    async seconds => {
      const { run: mine, secret } = await bed.begin({ leaseSeconds: 10 });
      const link = bed.closing(await cuttableLink(mine.url));
      bed.agent(link.url, secret);
      await until(() => epochsSaid(mine) >= 2);
      link.cut();
      await sleep(seconds * 1000);
      expect(mine.said().includes('has left: no word')).toBe(seconds > 10);
      link.mend();
      await bed.expectAsUndisturbed(mine);
    },
    300_000,
  );

  test('a second Ctrl-C ends a grid run whose agent is cut off, and the next one finds it', async () => {
    const { run: mine, secret } = await bed.begin();
    const link = bed.closing(await cuttableLink(mine.url));
    bed.agent(link.url, secret);
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
    const run = await bed.again(mine);
    await bed.expectAsUndisturbed(run);
    // What the agent had gone on with by itself was taken up, and nothing trained twice.
    expect(run.said()).toMatch(/one\/cpu0 \S+ started \d, run 2/);
    expect(run.said()).not.toContain('run 3');
  }, 300_000);

  test('an agent is gone for good: another one goes on from what it had sent', async () => {
    const { run: mine, secret } = await bed.begin({ leaseSeconds: 10 });
    const one = bed.agent(mine.url, secret);
    await until(() => epochsSaid(mine) >= 4);
    await one.end('SIGKILL');
    bed.agent(mine.url, secret, { name: 'two' });
    await bed.expectAsUndisturbed(mine);
    expect(mine.said()).toMatch(/two\/cpu0 .*started/);
    const began = mine
      .said()
      .split('\n')
      .filter(line => line.includes('two/cpu0') && line.includes(' epoch '));
    expect(began.length).toBeLessThan(16);
  }, 300_000);

  test('an agent sleeps past its lease, and wakes when another one has its cell', async () => {
    const { run: mine, secret } = await bed.begin({ leaseSeconds: 10 });
    const one = bed.agent(mine.url, secret);
    await until(() => epochsSaid(mine) >= 2);
    // Its trainer sleeps with it.
    const trainers = trainersOf(one.home, 'one');
    for (const pid of [one.child.pid!, ...trainers]) process.kill(pid, 'SIGSTOP');
    bed.agent(mine.url, secret, { name: 'two' });
    await until(() => mine.said().includes('one/cpu0 has left') && /two\/cpu0 .*epoch/.test(mine.said()));
    for (const pid of [...trainers, one.child.pid!]) process.kill(pid, 'SIGCONT');
    await bed.expectAsUndisturbed(mine);
  }, 300_000);

  test.each([
    { what: 'its agent is killed', isRestarted: false },
    { what: 'its agent and the coordinator are killed', isRestarted: true },
  ])(
    'a run comes to its end while the link is cut, and $what before that is told',
    async ({ isRestarted }) => {
      const { run: mine, secret } = await bed.begin();
      const link = bed.closing(await cuttableLink(mine.url));
      const first = bed.agent(link.url, secret);
      await until(() => epochsSaid(mine) >= 2);
      link.cut();
      await until(() => existsSync(join(first.home, 'one/runs/cpu0/exit.json')));
      await first.end('SIGKILL');
      if (isRestarted) {
        mine.child.kill('SIGKILL');
        await mine.ended;
      }
      const run = isRestarted ? await bed.again(mine) : mine;
      link.mend();
      bed.agent(link.url, secret, { home: first.home });
      await bed.expectAsUndisturbed(run);
      expect(run.said()).not.toContain('run 2');
    },
    300_000,
  );
});
