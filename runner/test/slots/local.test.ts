import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';
import { identityOf } from '../../../trainer/files/process-identity.js';
import type { OpenSlot } from '../../slots/backend.js';
import { claimProcess } from '../../slots/local/orphan.js';
import { startOn } from '../../slots/submission.js';
import { fixtureSpec } from '../fixtures/run-spec.js';
import { openLocal, slotRun } from '../fixtures/slot-run.js';
import { follow, pidOf, slotConformance } from './conformance.js';

const open = async (memoryLimitMegabytes = 10_000): Promise<OpenSlot> => {
  const [slot] = await openLocal({ cpus: 1, memoryLimitMegabytes });
  return slot!;
};

slotConformance('local', open);

it('opens as many CPU slots as asked for, with ids that stay', async () => {
  const slots = await openLocal({ cpus: 3, threads: 2 });
  expect(slots.map(({ slotId, device }) => ({ slotId, device }))).toEqual([
    { slotId: 'local/cpu0', device: '2 CPU threads' },
    { slotId: 'local/cpu1', device: '2 CPU threads' },
    { slotId: 'local/cpu2', device: '2 CPU threads' },
  ]);
});

it('replaces a warm process that has grown past the bound', async () => {
  const slot = await open(200);
  const first = await follow(startOn(slot, slotRun(fixtureSpec({ params: { misbehave: 'grow' } }))));
  const second = await follow(startOn(slot, slotRun(fixtureSpec({}))));
  expect(pidOf(second.events)).not.toBe(pidOf(first.events));
  await slot.close();
});

it('ends the process that a killed runner left at work in the folder', async () => {
  const run = slotRun(fixtureSpec({}));
  const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
  const ended = once(orphan, 'exit');
  claimProcess(run.artifacts.folder().cell.process, orphan.pid!);
  const slot = await open();
  expect((await follow(startOn(slot, run))).exit.outcome).toBe('completed');
  await ended;
  expect(identityOf(orphan.pid!).processStarted).toBeNull();
  await slot.close();
});

it('starts nothing beside a process that can not be ended, and a kill ends the wait for it', async () => {
  const trainer = { command: [process.execPath, '-e', 'console.log("started")'], persistent: false };
  const run = slotRun(fixtureSpec({ trainer }));
  const orphan = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
  claimProcess(run.artifacts.folder().cell.process, orphan.pid!);
  // As one that hangs in the kernel: signals change nothing.
  const kill = process.kill.bind(process);
  const powerless = vi
    .spyOn(process, 'kill')
    .mockImplementation((pid, signal) => (signal === 0 ? kill(pid, signal) : true));
  const slot = await open();
  const handle = startOn(slot, run);
  setTimeout(() => handle.kill(), 500);
  const { events, exit } = await follow(handle);
  expect(exit.outcome).toBe('killed');
  expect(events).toEqual([]);
  const log = readFileSync(run.artifacts.folder().cell.log, 'utf8');
  expect(log).toContain(`process ${orphan.pid}, left over from an earlier run`);
  expect(log).not.toMatch(/^started/m);
  expect(readFileSync(run.artifacts.folder().cell.process, 'utf8')).toContain(`${orphan.pid}`);
  powerless.mockRestore();
  orphan.kill('SIGKILL');
  await slot.close();
});

it('leaves a process alone that only has the id of one on another machine', async () => {
  const run = slotRun(fixtureSpec({}));
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true });
  const [, started] = identityOf(other.pid!).processStarted!.split('/');
  const claim = { host: 'elsewhere', pid: other.pid, processStarted: `another boot/${started}/pid:[1]` };
  writeFileSync(run.artifacts.folder().cell.process, JSON.stringify(claim));
  const slot = await open();
  expect((await follow(startOn(slot, run))).exit.outcome).toBe('completed');
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill('SIGKILL');
  await slot.close();
});

it('says that a program can not be started', async () => {
  const slot = await open();
  const trainer = { command: ['no-such-program-here'], persistent: false };
  const { exit } = await follow(startOn(slot, slotRun(fixtureSpec({ trainer }))));
  expect(exit).toMatchObject({
    outcome: 'failed',
    failure: { class: 'badConfiguration', message: expect.stringContaining('no-such-program-here') },
  });
  await slot.close();
});
