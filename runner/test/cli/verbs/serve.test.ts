import { expect, test } from 'vitest';
import { saw, startGrid, workFolder, writeGrid } from '../../fixtures/cli.js';

const address = /the page: (http:\/\/127\.0\.0\.1:\d+)(\S*)#token=(gw_\S+)/;

test('grid serve tells its address, is there until Ctrl-C, and names a grid that isn’t', async () => {
  const folder = workFolder();
  await startGrid(folder, ['run', writeGrid(folder)]);
  const serving = startGrid(folder, ['serve', 'grid', '--listen', '127.0.0.1:0', '--share']);
  let text = '';
  serving.all.on('data', part => {
    text += part;
  });
  await saw(serving, 'ITS.NAME');
  const [, url, path, token] = address.exec(text) ?? [];
  expect(path).toBe('/grids/grid');
  expect(text).toMatch(/ssh -N -L \d+:127\.0\.0\.1:\d+ /);
  const { grids } = (await (await fetch(`${url}/api/grids`)).json()) as { grids: unknown[] };
  expect(grids).toMatchObject([{ name: 'grid', counts: { completed: 2 } }]);
  const authorization = `Bearer ${token}`;
  const session = await fetch(`${url}/api/session`, { headers: { authorization } });
  expect(await session.json()).toMatchObject({ mayControl: true });
  serving.kill('SIGINT');
  expect((await serving).exitCode).toBe(0);
  const unknown = await startGrid(folder, ['serve', 'gird']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('no grid named gird')]);
  const open = await startGrid(folder, ['serve', '--listen', '0.0.0.0:0']);
  expect([open.exitCode, open.stderr]).toEqual([2, expect.stringContaining('--share')]);
});

test('grid run --serve shows the page while it runs, and ends with the run', async () => {
  const folder = workFolder();
  const file = writeGrid(folder, { epochs: 3, params: { epochMs: 700 } });
  const running = startGrid(folder, ['run', file, '--serve', '--listen', '127.0.0.1:0']);
  let text = '';
  running.all.on('data', part => {
    text += part;
  });
  await saw(running, 'the page: ');
  await expect.poll(() => address.exec(text)?.[1], { timeout: 30_000 }).toBeDefined();
  const url = address.exec(text)![1]!;
  const { grids } = (await (await fetch(`${url}/api/grids`)).json()) as { grids: { name: string }[] };
  expect(grids.map(({ name }) => name)).toEqual(['grid']);
  expect((await running).exitCode).toBe(0);
  await expect(fetch(`${url}/api/grids`)).rejects.toThrow();
  const taken = startGrid(folder, ['run', file, '--serve', '--listen', '0.0.0.0:0']);
  expect((await taken).exitCode).toBe(2);
  expect((await startGrid(folder, ['run', file, '--listen', '127.0.0.1:0'])).stderr).toContain(
    'give --serve',
  );
});
