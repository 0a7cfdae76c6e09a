/** What happens to the processes of a grid on agents: each time it must end as if nothing had happened. */
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { trainersOf } from '../fixtures/farm.js';
import { until } from '../fixtures/farm-run.js';
import { epochsSaid, faultBed } from '../fixtures/fault-bed.js';

const bed = faultBed({ seeds: 2, epochs: 8 });

describe('a grid on agents ends as one that nobody disturbs', () => {
  test('the coordinator is killed and started again: its runs go on', async () => {
    const { run: first, secret } = await bed.begin();
    bed.agent(first.url, secret);
    await until(() => epochsSaid(first) >= 3);
    first.child.kill('SIGKILL');
    await first.ended;
    await sleep(3000);
    const run = await bed.again(first);
    expect(run.url).toBe(first.url);
    await bed.expectAsUndisturbed(run);
    // The run was gone on with, and not begun again.
    expect(run.said()).not.toContain('run 2');
  }, 300_000);

  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'the agent is ended by %s and started again: it goes on with its run',
    async signal => {
      const { run: mine, secret } = await bed.begin();
      const first = bed.agent(mine.url, secret);
      await until(() => epochsSaid(mine) >= 3);
      const began = epochsSaid(mine);
      await first.end(signal);
      // At once, not when its run has come to its end.
      expect(epochsSaid(mine)).toBeLessThan(began + 4);
      bed.agent(mine.url, secret, { home: first.home });
      await bed.expectAsUndisturbed(mine);
    },
    300_000,
  );

  test('a trainer is killed: the cell is tried again from its checkpoint', async () => {
    const { run: mine, secret } = await bed.begin();
    const one = bed.agent(mine.url, secret);
    await until(() => epochsSaid(mine) >= 3);
    const pids = trainersOf(one.home, 'one');
    expect(pids).toHaveLength(1);
    process.kill(pids[0]!, 'SIGKILL');
    await bed.expectAsUndisturbed(mine);
    expect(mine.said()).toContain('crash');
  }, 300_000);

  test('a token is revoked in the middle: its agent ends, and one with another goes on', async () => {
    const { run: mine, secret, tokens } = await bed.begin();
    const one = bed.agent(mine.url, secret);
    await until(() => epochsSaid(mine) >= 2);
    const { secret: other } = await tokens.add('other');
    expect(await tokens.revoke('box')).toBe(1);
    await until(() => mine.said().includes('was revoked'));
    // Nothing that waits to be sent keeps it.
    await until(() => one.child.exitCode !== null, 30);
    expect(one.child.exitCode).not.toBe(0);
    expect(one.said()).toContain('no valid token');
    bed.agent(mine.url, other, { name: 'two' });
    await bed.expectAsUndisturbed(mine);
  }, 300_000);
});
