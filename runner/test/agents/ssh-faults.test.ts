/** With a real host and a real trainer: what happens to its connection must leave no trace in what the grid finds. */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../fixtures/farm.js';
import { type FarmRun, prepareFarm, until } from '../fixtures/farm-run.js';
import { epochsSaid, faultBed } from '../fixtures/fault-bed.js';
import { noSlowLink, SshHosts } from '../testbeds/ssh.js';

const minutes = 60_000;
const size = { seeds: 2, epochs: 8 };
const bed = faultBed(size);
const missing = noSlowLink;
const missingForLong = missing ?? (process.env.GRID_SSH_FAULTS === undefined && 'GRID_SSH_FAULTS=1 runs it');

describe.skipIf(missing !== undefined)(
  `a grid on a host behind ssh (${missing ?? 'in a network namespace'})`,
  () => {
    let hosts: SshHosts;

    beforeAll(async () => {
      hosts = await SshHosts.up(temporaryFolder('ssh'), 1);
    });
    afterAll(() => hosts?.down());

    async function begin(leaseSeconds: number): Promise<FarmRun> {
      const folder = prepareFarm(size);
      const ssh = { backend: 'ssh', host: 'h1', sshConfig: hosts.config, cpus: 1 };
      // The second entry is there for its lease alone, which is the run's.
      writeFileSync(
        join(folder, 'agents.yaml'),
        JSON.stringify({ slots: [ssh, { backend: 'agents', leaseSeconds }] }),
      );
      const { run } = await bed.begin({ folder });
      await until(() => epochsSaid(run) >= 2, 200);
      return run;
    }

    /** Cuts the link as soon as a part of a checkpoint has come, and the rest of it hasn't. */
    async function cutInCheckpoint(run: FarmRun, seconds: number): Promise<void> {
      const blobs = join(run.results, 'agents/faults/blobs');
      const underWay = () =>
        (existsSync(blobs) ? readdirSync(blobs) : [])
          .filter(name => name.endsWith('.part'))
          .map(name => statSync(join(blobs, name), { throwIfNoEntry: false })?.size ?? 0)
          .some(bytes => bytes > 0);
      await hosts.slow(1);
      await until(underWay, 60);
      await hosts.cut(1);
      expect(underWay()).toBe(true);
      await sleep(seconds * 1000);
      // What had come waited for the rest, and nothing of it was taken for the whole.
      expect(underWay()).toBe(true);
      await hosts.mend(1);
      await hosts.fast(1);
    }

    const inTouchAgain = (run: FarmRun) => run.said().match(/h1 is in touch again/g)?.length ?? 0;

    test(
      'the link is cut for 3 s, and in the middle of a checkpoint; sshd is restarted',
      async () => {
        const run = await begin(180);
        await hosts.cut(1);
        await sleep(3000);
        await hosts.mend(1);
        await cutInCheckpoint(run, 3);
        const before = inTouchAgain(run);
        await hosts.bounce(1);
        await until(() => inTouchAgain(run) > before);
        await bed.expectAsUndisturbed(run);
        expect(run.said()).not.toMatch(/has left|run 2/);
      },
      5 * minutes,
    );

    test.skipIf(missingForLong)(
      `the link is cut for 60 s, and in the middle of a checkpoint${missingForLong ? ` (${missingForLong})` : ''}`,
      async () => {
        const run = await begin(180);
        await hosts.cut(1);
        await sleep(60_000);
        await hosts.mend(1);
        await until(() => inTouchAgain(run) === 1);
        await cutInCheckpoint(run, 60);
        await bed.expectAsUndisturbed(run);
        // It trained on by itself, and told of it.
        expect(run.said()).not.toMatch(/has left|run 2/);
      },
      10 * minutes,
    );

    test.skipIf(missingForLong)(
      `the same past its lease${missingForLong ? ` (${missingForLong})` : ''}`,
      async () => {
        const run = await begin(10);
        await cutInCheckpoint(run, 60);
        await bed.expectAsUndisturbed(run);
        expect(run.said()).toContain('h1/cpu0 has left: no word');
      },
      10 * minutes,
    );
  },
);
