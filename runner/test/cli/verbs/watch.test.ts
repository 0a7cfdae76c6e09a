import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saw, startGrid, workFolder, writeGrid } from '../../fixtures/cli.js';
import { webhook } from '../../notify/fixtures.js';

const waiting = { timeout: 60_000, interval: 100 };

test('grid watch tells of a runner that is killed, once, and again of the next one', async () => {
  const folder = workFolder();
  const { url, hits } = await webhook();
  writeFileSync(join(folder, 'notify.yaml'), 'slots: [{backend: local, cpus: 1}]\nnotify: [{to: webhook}]\n');
  const environment = { GRID_WEBHOOK_URL: url };
  const file = writeGrid(folder, { seeds: 1, epochs: 600, params: { epochs: 600, epochMs: 100 } });
  const start = async () => {
    const running = startGrid(folder, ['run', file, '--json']);
    await saw(running, '"runStarted"');
    // A promise that is returned is awaited: within an object it isn't.
    return { running };
  };
  // What the runner had nobody to tell is told then, too.
  const events = () =>
    hits.map(({ body }) => JSON.parse(body).event as string).filter(event => event !== 'newBest');
  const { running: first } = await start();
  const watch = () => startGrid(folder, ['watch', '--slots', 'notify.yaml'], environment);
  const watching = watch();
  await saw(watching, 'watching all grids; a runner that is gone is told to webhook GRID_WEBHOOK_URL');
  // It has seen the runner by then.
  await new Promise(resolve => setTimeout(resolve, 1500));
  first.kill('SIGKILL');
  await expect.poll(events, waiting).toEqual(['runnerSilent']);
  expect(JSON.parse(hits[0]!.body)).toMatchObject({
    grid: 'grid',
    holder: expect.stringContaining('process'),
  });

  const { running: second } = await start();
  await new Promise(resolve => setTimeout(resolve, 2500));
  second.kill('SIGKILL');
  await expect.poll(events, waiting).toEqual(['runnerSilent', 'runnerSilent']);
  watching.kill('SIGINT');
  expect((await watching).exitCode).toBe(0);

  // What was told is not told again; an end that is told by the runner itself is none of its business.
  const again = watch();
  await saw(again, 'watching all grids');
  const { running: third } = await start();
  third.kill('SIGINT');
  await third;
  await new Promise(resolve => setTimeout(resolve, 2500));
  again.kill('SIGINT');
  await again;
  expect(events()).toHaveLength(2);
  expect((await startGrid(folder, ['watch', 'gird'])).stderr).toContain('no grid named gird');
});
