/** A folder in which agents leave what they say is served by one `grid run` at a time: another would answer them from its own grid. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
