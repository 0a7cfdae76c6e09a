import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { slotBackends } from '../../../slots/registry.js';
import { SlotSet } from '../../../slots/slot-set.js';
import { temporaryFolder } from '../../fixtures/farm.js';

const here = { engine: null, environment: process.env };

/** An entry whose agents write that they were started. */
function entry() {
  const folder = temporaryFolder('launched');
  const started = () => readdirSync(folder).length;
  return { started, entry: { start: `cat > ${folder}/$$`, max: 2 } };
}

test('without a grid that runs nothing is started, awaited or written: a plan looks only', async () => {
  const { entry: command, started } = entry();
  const slots = new SlotSet();
  expect(await slotBackends.command.open(command, here, slots)).toEqual([]);
  expect(await slotBackends.agents.open({ listen: '127.0.0.1:1' }, here, slots)).toEqual([]);
  expect(slots.addresses).toEqual([]);
  await sleep(300);
  expect(started()).toBe(0);
  await slots.close();
});

test('agents are started once cells are to be run, and not before', async () => {
  const { entry: command, started } = entry();
  const slots = new SlotSet();
  const run = { grid: 'sweep', results: temporaryFolder() };
  await slotBackends.command.open(command, { ...here, run }, slots);
  await sleep(500);
  expect(started()).toBe(0);
  slots.serve(() => 1);
  await vi.waitFor(() => expect(started()).toBe(1), { timeout: 30_000, interval: 100 });
  await slots.close();
}, 60_000);

test('grids that run at once in one folder have agents and addresses of their own, and tokens in common', async () => {
  const results = temporaryFolder();
  const { entry: command } = entry();
  const open = async (grid: string) => {
    const slots = new SlotSet();
    await slotBackends.command.open(command, { ...here, run: { grid, results } }, slots);
    return slots;
  };
  const [one, two] = [await open('one'), await open('two/ü')];
  expect(one.addresses).not.toEqual(two.addresses);
  const ports = ['one', 'two%2F%C3%BC'].map(grid =>
    JSON.parse(readFileSync(join(results, 'agents', grid, 'port.json'), 'utf8')),
  );
  expect([one, two].map(({ addresses }) => addresses[0])).toEqual(
    ports.map(({ port }) => `http://127.0.0.1:${port}`),
  );
  for (const grid of ['one', 'two%2F%C3%BC'])
    expect(readdirSync(join(results, 'agents', grid, 'launched'))).toHaveLength(1);
  await Promise.all([one.close(), two.close()]);
  // Where its agents look for it, it is found again.
  const again = await open('one');
  expect(again.addresses).toEqual(one.addresses);
  await again.close();
  expect(existsSync(join(results, 'agents', 'one', 'tokens.json'))).toBe(false);
});

test('agents that share a folder get no address, and each entry of each grid has its own there', async () => {
  const shared = temporaryFolder('shared');
  const { entry: command } = entry();
  const scripts = temporaryFolder('scripts');
  const slots = new SlotSet();
  const run = { grid: 'sweep', results: temporaryFolder() };
  const start = `cat > '${scripts}/script'`;
  await slotBackends.command.open({ ...command, start, folder: shared }, { ...here, run }, slots);
  slots.serve(() => 1);
  await vi.waitFor(() => expect(readFileSync(join(scripts, 'script'), 'utf8')).toContain('exec'), {
    timeout: 30_000,
    interval: 100,
  });
  const [own] = readdirSync(shared);
  expect(readFileSync(join(scripts, 'script'), 'utf8')).toContain(`agent --folder '${join(shared, own!)}'`);
  expect(slots.addresses).toContain(join(shared, own!));
  await slotBackends.command.open({ ...command, folder: shared }, { ...here, run }, slots);
  expect(readdirSync(shared)).toHaveLength(2);
  await slots.close();
  const both = { ...command, folder: shared, server: 'http://10.0.0.1:1' };
  await expect(slotBackends.command.open(both, { ...here, run }, slots)).rejects.toThrow(
    /server and folder: agents come one way/,
  );
}, 60_000);

test.each([
  [{ certificate: 'cert.pem' }, /certificate alone is no TLS/],
  [{ key: 'key.pem' }, /key alone is no TLS/],
  [{ listen: '0.0.0.0:0' }, /without TLS tokens and results would pass in the open/],
  [{ listen: 'nowhere.invalid:7463', insecure: true }, /^listen: nowhere\.invalid:7463: /],
  [{ listen: '127.0.0.1:0', certificate: '/none.pem', key: '/none.pem' }, /\/none\.pem/],
])('listening as %j is refused with words', async (keys, words) => {
  const slots = new SlotSet();
  const run = { grid: 'sweep', results: temporaryFolder() };
  await expect(slotBackends.agents.open(keys, { ...here, run }, slots)).rejects.toThrow(words);
  await slots.close();
});
