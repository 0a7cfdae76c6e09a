/** Against a fleet in memory: what the keeper asks of a launcher, and when. */
import { expect, it, vi } from 'vitest';
import { keepFleet } from '../../../slots/launchers/keep-fleet.js';
import type { Fleet, FleetState } from '../../../slots/launchers/launcher.js';

// They end as soon as it is so: on a busy machine that takes a while.
vi.setConfig({ testTimeout: 400_000 });

const pace = { lookMs: 5, steadyMs: 40, pauseMs: 10, longestPauseMs: 40, mostFruitless: 3, benchMs: 400 };
const until = (condition: () => void) => vi.waitFor(condition, { timeout: 60_000, interval: 5 });

function begin(options: { max?: number; wanted?: number; begins?: boolean; refuses?: string } = {}) {
  const state: FleetState = { waiting: 0, running: 0 };
  const world = { wanted: options.wanted ?? 10, connected: [] as string[], begins: options.begins ?? true };
  const starts: number[] = [];
  const stops: string[] = [];
  const said: string[] = [];
  const end = new AbortController();
  const fleet: Fleet = {
    async start(count) {
      if (options.refuses !== undefined) throw new Error(options.refuses);
      starts.push(count);
      if (!world.begins) return;
      state.running += count;
      for (let index = 0; index < count; index++) world.connected.push(`agent${starts.length}.${index}`);
    },
    look: async () => ({ ...state }),
    async stop(what) {
      stops.push(what);
      state.waiting = 0;
    },
    lastWords: async () => 'no node here',
  };
  const context = {
    entry: 'slots[1] (slurm)',
    connected: () => world.connected,
    say: (words: string) => said.push(words),
  };
  const closing: (() => Promise<void>)[] = [];
  const host = {
    get wanted() {
      return world.wanted;
    },
    signal: end.signal,
    whenClosed: (work: () => Promise<void>) => closing.push(work),
  };
  keepFleet(fleet, options.max ?? 4, context, host, pace);
  const finish = async () => {
    end.abort();
    for (const work of closing) await work();
  };
  return { state, world, starts, stops, said, finish };
}

it('asks for as many as have something to do, at most max, and takes back what waits at the end', async () => {
  const { starts, stops, finish, said } = begin();
  await until(() => expect(starts).toEqual([4]));
  await new Promise(resolve => setTimeout(resolve, 60));
  expect(starts).toEqual([4]);
  await finish();
  expect(stops).toEqual(['waiting']);
  expect(said).toEqual([]);
  const few = begin({ wanted: 2 });
  await until(() => expect(few.starts).toEqual([2]));
  await few.finish();
});

it('those of an earlier runner are counted, and those that wait for nothing are taken back', async () => {
  const { state, world, starts, stops, finish } = begin({ wanted: 0 });
  Object.assign(state, { waiting: 1, running: 2 });
  await until(() => expect(stops).toEqual(['waiting']));
  world.wanted = 9;
  await until(() => expect(starts).toEqual([2]));
  await finish();
});

it('one that ends after it has stayed is followed by another, without a word', async () => {
  const { state, world, starts, said, finish } = begin({ max: 1 });
  await until(() => expect(starts).toEqual([1]));
  for (let turn = 2; turn <= 6; turn++) {
    await new Promise(resolve => setTimeout(resolve, 80));
    state.running = 0;
    world.connected = [];
    await until(() => expect(starts).toHaveLength(turn));
  }
  expect(said).toEqual([]);
  await finish();
});

it('a launcher whose agents never stay is benched, with their last words, and tried again with one', async () => {
  const { starts, said, finish } = begin({ begins: false });
  await until(() => expect(starts).toHaveLength(3));
  await until(() =>
    expect(said.at(-1)).toBe(
      'slots[1] (slurm): none of the agents that it started has stayed in touch, 3 times in a row; the last one left: no node here; it is tried again in 1 min',
    ),
  );
  expect(starts).toEqual([4, 4, 4]);
  await until(() => expect(starts).toEqual([4, 4, 4, 1]));
  await finish();
});

it('a refusal is told in the words of who refuses, once, and benches as well', async () => {
  const { said, finish } = begin({ refuses: 'sbatch: no such account' });
  await until(() => expect(said).toHaveLength(2));
  expect(said[0]).toBe('slots[1] (slurm): sbatch: no such account');
  expect(said[1]).toMatch(/^slots\[1\] \(slurm\): sbatch: no such account, 3 times in a row/);
  await finish();
});

it('while nothing can be told none are started, and the trouble is told once', async () => {
  const { state, starts, said, finish } = begin({ wanted: 0 });
  state.trouble = 'Slurm doesn’t answer';
  await until(() => expect(said).toEqual(['slots[1] (slurm): Slurm doesn’t answer']));
  await new Promise(resolve => setTimeout(resolve, 50));
  expect(starts).toEqual([]);
  expect(said).toHaveLength(1);
  await finish();
});
