/** The head of a Ray cluster is lost with all that runs there, and comes again: the grid must end as if nothing had happened. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type FarmRun, findings, prepareFarm, startRun, until } from '../fixtures/farm-run.js';
import { RayHead, rayMissing } from '../testbeds/ray.js';

const missing = rayMissing() ?? (process.env.GRID_RAY_FAULTS === undefined && 'GRID_RAY_FAULTS=1 runs it');
const minutes = 60_000;

test.skipIf(missing)(
  `Ray head restarted${missing ? ` (${missing})` : ''}`,
  async () => {
    const folder = prepareFarm({ seeds: 3, epochs: 8 });
    const local = await startRun(folder, 'local.yaml', 'undisturbed');
    expect(await local.ended, local.said()).toBe(0);
    const head = new RayHead();
    let run: FarmRun | undefined;
    try {
      await head.start();
      writeFileSync(
        join(folder, 'ray.yaml'),
        // The second entry is there for its lease alone, which is the run's.
        `slots:\n  - { backend: ray, address: "${head.address}", gpus: 0.5, max: 2 }\n  - { backend: agents, leaseSeconds: 10 }\n`,
      );
      run = await startRun(folder, 'ray.yaml');
      const { said } = run;
      await until(() => (said().match(/ epoch [2-7]\/8/g)?.length ?? 0) >= 3, 400);
      await head.kill();
      const epochs = said().match(/ epoch \d\/8/g)!.length;
      await until(() => said().includes("Ray's head doesn't answer"), 120);
      await head.start();
      expect(await run.ended, said()).toBe(0);
      expect(epochs).toBeLessThan(24);
      expect(await findings(run.results)).toEqual(await findings(local.results));
      // Cells went on in new jobs from what had been sent.
      expect(new Set(said().match(/ray-[0-9a-f]{4}-\d+(?=\/cpu0 has joined)/g)).size).toBeGreaterThan(2);
      expect(said().match(/ epoch 1\/8/g)).toHaveLength(3);
    } finally {
      run?.child.kill('SIGKILL');
      await head.stop();
    }
  },
  20 * minutes,
);
