import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { openStore } from '../../../store/open-store.js';
import { temporaryFolder } from '../../fixtures/farm.js';
import { type FarmRun, findings, startRun, until } from '../../fixtures/farm-run.js';
import { epochsSaid } from '../../fixtures/fault-bed.js';

const begun: FarmRun[] = [];
afterEach(() => {
  for (const { child } of begun.splice(0)) child.kill('SIGKILL');
});

/** Nine rates of nine epochs, compared after the first and the third. */
async function begin(): Promise<FarmRun> {
  const folder = temporaryFolder('halving');
  writeFileSync(
    join(folder, 'grid.yaml'),
    `name: faults
data: { format: mnist, limit: { imagesPerClass: 10 } }
model: { name: resnet20, width: 4 }
optimizer: sgd
train: { epochs: 9, batchSize: 25 }
axes: { optimizer.learningRate: [0.3, 0.1, 0.05, 0.03, 0.01, 3e-3, 1e-3, 3e-4, 1e-5] }
stopping: { rule: halving, after: 0, margin: 0, diverged: ignore, idle: wait }
`,
  );
  writeFileSync(join(folder, 'local.yaml'), 'slots:\n  - { backend: local, cpus: 2 }\n');
  const run = await startRun(folder, 'local.yaml');
  begun.push(run);
  return run;
}

/** What was learned of each cell, and why it was stopped. */
async function found({ results }: FarmRun) {
  const store = await openStore(results, { readOnly: true });
  try {
    const marks = store.storedCells('faults').map(({ cellId, rung }) => [cellId, rung ?? null] as const);
    return { marks: Object.fromEntries(marks), cells: await findings(results) };
  } finally {
    store.close();
  }
}

const statesOf = ({ cells }: Awaited<ReturnType<typeof found>>) =>
  (cells as { state: string }[]).map(({ state }) => state).sort();

it('keeps the same cells with the same weights, however often the runner is killed between rungs', {
  timeout: 300_000,
}, async () => {
  const undisturbed = await begin();
  expect(await undisturbed.ended, undisturbed.said()).toBe(0);
  const expected = await found(undisturbed);
  const states = statesOf(expected);
  expect(states.filter(state => state === 'completed').length).toBeGreaterThanOrEqual(2);
  expect(states.filter(state => state === 'stopped').length).toBeGreaterThanOrEqual(4);

  let run = await begin();
  for (const epochs of [4, 6]) {
    await until(() => epochsSaid(run) >= epochs || run.child.exitCode !== null);
    expect(run.child.exitCode, run.said()).toBeNull();
    run.child.kill('SIGKILL');
    await run.ended;
    run = await run.again();
    begun.push(run);
  }
  expect(await run.ended, run.said()).toBe(0);
  const now = await found(run);
  expect(now.marks).toEqual(expected.marks);
  expect(now.cells).toEqual(expected.cells);
});
