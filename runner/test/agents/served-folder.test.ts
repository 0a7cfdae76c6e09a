/** A folder in which agents leave what they say is served by one `grid run` at a time: another would answer them from its own grid. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../fixtures/farm.js';
import { prepareFarm, startRun } from '../fixtures/farm-run.js';

test('a second `grid run` with the folder of another is refused until that has ended, or was killed', async () => {
  const folder = prepareFarm({ seeds: 1, epochs: 1, stub: {} });
  const shared = temporaryFolder('shared');
  // Twice in one file is once.
  const entry = { backend: 'agents', folder: shared };
  writeFileSync(join(folder, 'agents.yaml'), JSON.stringify({ slots: [entry, { ...entry, max: 1 }] }));
  const first = await startRun(folder);
  try {
    await expect(startRun(folder, 'agents.yaml', 'other')).rejects.toThrow(
      new RegExp(
        `${shared} is served by another \`grid run\` \\(process ${first.child.pid} on .*a folder of its own`,
      ),
    );
    // The first one goes on.
    expect(first.child.exitCode).toBeNull();
    first.child.kill('SIGKILL');
    await first.ended;
    const second = await startRun(folder, 'agents.yaml', 'other');
    second.child.kill('SIGINT');
    await second.ended;
    const third = await first.again();
    third.child.kill('SIGKILL');
    await third.ended;
  } finally {
    first.child.kill('SIGKILL');
  }
});

test('one that was suspended for longer than its lock lasts answers nobody any more, and says so', async () => {
  const folder = prepareFarm({ seeds: 1, epochs: 1, stub: {} });
  const shared = temporaryFolder('shared');
  writeFileSync(
    join(folder, 'agents.yaml'),
    JSON.stringify({ slots: [{ backend: 'agents', folder: shared }] }),
  );
  const first = await startRun(folder);
  first.child.kill('SIGSTOP');
  // The other waits until it is sure.
  const second = await startRun(folder, 'agents.yaml', 'other');
  try {
    first.child.kill('SIGCONT');
    await vi.waitFor(
      () =>
        expect(first.said()).toContain(
          `${shared} is served by another \`grid run\` since this one was suspended`,
        ),
      { timeout: 30_000, interval: 200 },
    );
    expect(first.child.exitCode).toBeNull();
    writeFileSync(join(shared, 'requests', 'aaaaaaaa-1.request'), 'no envelope');
    await vi.waitFor(() => expect(readdirSync(join(shared, 'requests'))).toEqual([]), { timeout: 30_000 });
    expect(second.said()).not.toContain('served by another');
  } finally {
    first.child.kill('SIGKILL');
    second.child.kill('SIGKILL');
  }
});
