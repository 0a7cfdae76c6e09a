import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { identityOf } from '../../../trainer/files/process-identity.js';
import { openStore } from '../../store/open-store.js';
import type { RunHandle, StoreWriter } from '../../store/run-store.js';
import { type Lease, LeaseWatch, leaseMs, ownerOf } from '../../store/sqlite/leases.js';
import { cells, epochsWith, grid, resultsFolder } from './fixtures.js';
import { ownerConformance } from './owner-conformance.js';

const elsewhere = (pid: number) => ownerOf({ host: 'elsewhere', pid, processStarted: 'other-boot/1/ns' });

ownerConformance({
  name: 'a process of this machine',
  owners: [undefined, ownerOf(identityOf(process.ppid))],
});
ownerConformance({ name: 'a process of another machine', owners: [elsewhere(1), elsewhere(2)] });
ownerConformance({ name: 'no process', owners: ['agent a', 'agent b'] });

const lease = (owner: string, renewals = 0): Lease => ({
  cell: 1,
  run: 1,
  fence: 1,
  outlives: false,
  owner,
  expiresMs: 0,
  renewals,
});

it('whether a lease is over is no question of what a clock says', () => {
  const now = vi.spyOn(performance, 'now');
  try {
    now.mockReturnValue(0);
    const watch = new LeaseWatch();
    const owner = 'agent';
    for (let time = 0; time < leaseMs; time += 1000) {
      now.mockReturnValue(time);
      // Both an hour late and an hour early, by the wall clock.
      expect(
        watch.look({ ...lease(owner), expiresMs: Date.now() + (time % 2000 ? 3_600_000 : -3_600_000) }),
      ).toBe('unsure');
    }
    // A renewal is a sign, however late it comes; …
    expect(watch.look(lease(owner, 1))).toBe('held');
    now.mockReturnValue(leaseMs * 10);
    // … a look after a long sleep counts little, since the owner may have slept as well.
    expect(watch.look(lease(owner, 1))).toBe('held');
    for (let look = 1; look <= leaseMs / 1000; look++) {
      now.mockReturnValue(leaseMs * 10 + look * 1000);
      watch.look(lease(owner, 1));
    }
    expect(watch.look(lease(owner, 1))).toBe('over');
  } finally {
    now.mockRestore();
  }
});

it('a process that is gone has no lease, whatever was said of its end', () => {
  expect(
    new LeaseWatch().look({
      ...lease(ownerOf({ ...identityOf(process.pid), pid: 2 ** 22 - 1 })),
      expiresMs: Number.MAX_SAFE_INTEGER,
    }),
  ).toBe('over');
});

interface Model {
  holder: number | undefined;
  attempts: number;
  epochs: number;
}

/** Two runners of one store, as the model sees them and as they are. */
interface Real {
  stores: StoreWriter[];
  runs: (RunHandle | undefined)[];
  cellId: string;
}

class Start implements fc.Command<Model, Real> {
  constructor(readonly who: 0 | 1) {}
  check = () => true;
  run(model: Model, { stores, runs, cellId }: Real): void {
    if (model.holder === 1 - this.who) {
      expect(() => stores[this.who]!.startRun(cellId, 's')).toThrow(/being run by/);
      return;
    }
    runs[this.who] = stores[this.who]!.startRun(cellId, 's');
    model.holder = this.who;
    model.attempts++;
    expect(runs[this.who]!.attempt).toBe(model.attempts);
  }
  toString = () => `start(${this.who})`;
}

class Epoch implements fc.Command<Model, Real> {
  constructor(readonly who: 0 | 1) {}
  check = () => true;
  run(model: Model, { stores, runs, cellId }: Real): void {
    const run = runs[this.who];
    if (run === undefined) return;
    const record = epochsWith(Array(model.epochs + 1).fill(0.5)).at(-1)!;
    const holds = model.holder === this.who && run.attempt === model.attempts;
    if (!holds) expect(() => stores[this.who]!.recordEpoch(run, record)).toThrow(/lost its lease/);
    else {
      stores[this.who]!.recordEpoch(run, record);
      model.epochs++;
    }
    expect(stores[1 - this.who]!.metricsOf(cellId)).toHaveLength(model.epochs);
  }
  toString = () => `epoch(${this.who})`;
}

class Finish implements fc.Command<Model, Real> {
  constructor(readonly who: 0 | 1) {}
  check = () => true;
  run(model: Model, { stores, runs }: Real): void {
    const run = runs[this.who];
    if (run === undefined) return;
    const holds = model.holder === this.who && run.attempt === model.attempts;
    if (!holds) {
      expect(() => stores[this.who]!.finishRun(run, { state: 'completed' })).toThrow(/lost its lease/);
      return;
    }
    stores[this.who]!.finishRun(run, { state: 'interrupted' });
    model.holder = undefined;
  }
  toString = () => `finish(${this.who})`;
}

/** The lease of whoever has it is ended, as of an owner that was silent for too long. */
class Expire implements fc.Command<Model, Real> {
  check = (model: Readonly<Model>) => model.holder !== undefined;
  run(model: Model, { stores, cellId }: Real): void {
    stores[model.holder!]!.requeue([cellId]);
    model.holder = undefined;
  }
  toString = () => 'expire';
}

/** The wall clock jumps by some hours. */
class Jump implements fc.Command<Model, Real> {
  constructor(readonly hours: number) {}
  check = () => true;
  run(): void {
    vi.setSystemTime(Date.now() + this.hours * 3_600_000);
  }
  toString = () => `jump(${this.hours})`;
}

it('leases behave as a simple model does, whatever is done in which order', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const who = fc.constantFrom<0 | 1>(0, 1);
  const commands = [
    who.map(each => new Start(each)),
    who.map(each => new Epoch(each)),
    who.map(each => new Finish(each)),
    fc.constant(new Expire()),
    fc.integer({ min: -5, max: 5 }).map(hours => new Jump(hours)),
  ];
  const folder = resultsFolder();
  const stores = [
    await openStore(folder),
    await openStore(folder, { owner: ownerOf(identityOf(process.ppid)) }),
  ];
  const list = cells(80);
  stores[0]!.registerGrid(grid, list);
  let next = 0;
  try {
    fc.assert(
      fc.property(fc.commands(commands, { maxCommands: 30 }), run => {
        const { cellId } = list[next++ % list.length]!;
        const attempts = stores[0]!.runsOf(cellId).length;
        stores.forEach(store => {
          if (store.cellsById([cellId]).get(cellId)?.state === 'running')
            try {
              store.requeue([cellId]);
            } catch {
              // It is the other one's.
            }
        });
        const epochs = stores[0]!.metricsOf(cellId).length;
        fc.modelRun(
          () => ({
            model: { holder: undefined, attempts, epochs },
            real: { stores, runs: [undefined, undefined], cellId },
          }),
          run,
        );
      }),
      { numRuns: 70 },
    );
  } finally {
    for (const store of stores) store.close();
    vi.useRealTimers();
  }
});

it('a process that is suspended loses its lease, and knows it when it wakes', {
  timeout: 120_000,
}, async () => {
  const folder = resultsFolder();
  const setUp = await openStore(folder);
  setUp.registerGrid(grid, cells(1));
  setUp.close();
  const { cellId } = cells(1)[0]!;
  const script = fileURLToPath(new URL('./processes/hold-lease.js', import.meta.url));
  const child = spawn(process.execPath, [script, folder, cellId], { stdio: ['pipe', 'pipe', 'inherit'] });
  const said: string[] = [];
  child.stdout.on('data', chunk => said.push(...`${chunk}`.trim().split('\n')));
  try {
    await vi.waitFor(() => expect(said).toContain('started'), { timeout: 20_000 });
    process.kill(child.pid!, 'SIGSTOP');
    // Its threads stand still one after the other.
    await sleep(200);
    // It is watched for as long as a lease lasts, then the cell may be taken.
    const store = await openStore(folder);
    const run = store.startRun(cellId, 'b');
    expect(run.attempt).toBe(2);
    process.kill(child.pid!, 'SIGCONT');
    await vi.waitFor(() => expect(said).toContain('lost'), { timeout: 20_000 });
    child.stdin.write('write\n');
    await vi.waitFor(() => expect(said).toContain('refused leaseLost'), { timeout: 20_000 });
    store.recordEpoch(run, epochsWith([0.5])[0]!);
    expect(store.cellsById([cellId]).get(cellId)).toMatchObject({
      state: 'running',
      attempts: 2,
      value: 0.5,
    });
    store.close();
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit').catch(() => {});
    await sleep(0);
  }
});

it('no run ends before it began, whatever clock ends it', async () => {
  const folder = resultsFolder();
  const gone = ownerOf({ ...identityOf(process.pid), pid: 2 ** 22 - 1 });
  const first = await openStore(folder, { owner: gone });
  first.registerGrid(grid, cells(2));
  const [left, finished] = cells(2).map(({ cellId }) => cellId) as [string, string];
  first.startRun(left, 'a');
  const run = first.startRun(finished, 'b');
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
  try {
    first.finishRun(run, { state: 'completed' });
    first.close();
    const second = await openStore(folder);
    for (const cellId of [left, finished]) {
      const ended = second.runsOf(cellId)[0]!;
      expect(ended.endedMs).toBe(ended.startedMs);
    }
    second.close();
  } finally {
    vi.useRealTimers();
  }
});
