/** What every slot backend must do: called by the test of each. */

import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import type { TrainerEvent } from '../../../trainer/contract/events.js';
import { identityOf } from '../../../trainer/files/process-identity.js';
import type { OpenSlot } from '../../slots/backend.js';
import { startOn } from '../../slots/submission.js';
import type { RunHandle } from '../../trainer-client/trainer-run.js';
import { fixtureSpec, persistentTrainer } from '../fixtures/run-spec.js';
import { slotRun } from '../fixtures/slot-run.js';

const ignoresDrain = { ...persistentTrainer, command: [...persistentTrainer.command, '--ignore-drain'] };

/** What a run told, but for its memory: that is told when it has grown. */
export async function follow(handle: RunHandle) {
  const events: TrainerEvent[] = [];
  const memory: TrainerEvent[] = [];
  for await (const event of handle.events)
    if (event.type === 'memory') memory.push(event);
    else if (event.type !== 'submitted') events.push(event);
  return { events, memory, exit: await handle.exit };
}

async function until<T extends TrainerEvent['type']>(
  handle: RunHandle,
  type: T,
  then: () => void | Promise<void>,
) {
  const events: TrainerEvent[] = [];
  for await (const event of handle.events) {
    if (event.type !== 'submitted') events.push(event);
    if (event.type === type) await then();
  }
  return { events, exit: await handle.exit };
}

/** Process that reported the last epoch. */
export function pidOf(events: TrainerEvent[]): number {
  const pid = events.findLast(event => event.type === 'epoch')?.metrics.pid;
  if (typeof pid !== 'number') throw new Error(`no epoch with a pid in ${JSON.stringify(events)}`);
  return pid;
}

/** What must hold, too, where runs go on without the runner that submitted them. */
export function outlivingConformance(name: string, open: () => Promise<OpenSlot>): void {
  describe(`slot backend ${name}, as one whose runs outlive the runner`, () => {
    let slot: OpenSlot;
    afterEach(() => slot.close());
    const numbersOf = async (handle: RunHandle) => {
      const numbers: number[] = [];
      for await (const event of handle.events)
        if ('number' in event && event.number !== undefined) numbers.push(event.number);
      return numbers;
    };

    it('tells the ref of a run first, which is the same however often it is submitted', async () => {
      slot = await open();
      const run = slotRun(fixtureSpec({ epochs: 20, params: { epochMs: 20 } }));
      const handle = startOn(slot, run);
      let ref: string | undefined;
      for await (const event of handle.events) {
        if (event.type === 'submitted') ref = event.ref;
        else expect(ref).toBeDefined();
        if (event.type === 'started') expect(await slot.submit(run)).toBe(ref);
      }
      expect(await handle.exit).toMatchObject({ outcome: 'completed' });
    });

    it('numbers what is kept, without gaps, and tells it from anywhere on', async () => {
      slot = await open();
      const run = slotRun(fixtureSpec({ epochs: 4 }));
      const ref = await slot.submit(run);
      const all = await numbersOf(slot.attach(ref, run, 0));
      expect(all).toEqual(all.map((_, index) => index + 1));
      for (const after of [0, 1, 5, all.length - 1, all.length]) {
        const handle = slot.attach(ref, run, after);
        const numbers = await numbersOf(handle);
        expect(numbers.filter(number => number > after)).toEqual(all.slice(after));
        // How it ended is told however late one asks.
        expect(await handle.exit).toMatchObject({ outcome: 'completed' });
      }
    });

    it('doesn’t stop a run that nobody follows, and lets whoever attaches end it', async () => {
      slot = await open();
      const run = slotRun(fixtureSpec({ epochs: 1000, params: { epochMs: 10 } }));
      const ref = await slot.submit(run);
      await sleep(2000);
      const handle = slot.attach(ref, run, 0);
      const { events, exit } = await until(handle, 'epoch', () => handle.drain());
      expect(exit).toMatchObject({ outcome: 'interrupted' });
      expect(events.filter(({ type }) => type === 'epoch').length).toBeGreaterThan(5);
    });

    it('says of a run that it doesn’t know that it is lost', async () => {
      slot = await open();
      const { events, exit } = await follow(slot.attach('never was', slotRun(fixtureSpec({})), 3));
      expect(events).toEqual([]);
      expect(exit).toMatchObject({ outcome: 'failed', failure: { class: 'lostSlot' } });
    });
  });
}

export function slotConformance(name: string, open: () => Promise<OpenSlot>): void {
  describe(`slot backend ${name}`, () => {
    let slot: OpenSlot;
    afterEach(() => slot.close());

    it('passes on the events of a run in order and completes', async () => {
      slot = await open();
      const { events, exit } = await follow(startOn(slot, slotRun(fixtureSpec({ seed: 3 }))));
      expect(events.map(event => event.type)).toEqual([
        'ready',
        'started',
        'epoch',
        'checkpoint',
        'epoch',
        'checkpoint',
        'completed',
      ]);
      expect(exit).toEqual({ outcome: 'completed', weightsHash: 'hash-3' });
    });

    it('tells what memory a run holds', async () => {
      slot = await open();
      const { memory } = await follow(startOn(slot, slotRun(fixtureSpec({ params: { epochMs: 200 } }))));
      expect(memory[0]).toMatchObject({ type: 'memory', megabytes: expect.any(Number) });
    });

    it('serves the next run with the warm process', async () => {
      slot = await open();
      const first = await follow(startOn(slot, slotRun(fixtureSpec({}))));
      const second = await follow(startOn(slot, slotRun(fixtureSpec({ seed: 1 }))));
      expect(pidOf(second.events)).toBe(pidOf(first.events));
    });

    it('takes one run at a time', async () => {
      slot = await open();
      const handle = startOn(slot, slotRun(fixtureSpec({})));
      const { events } = await until(handle, 'started', async () => {
        await expect(slot.submit(slotRun(fixtureSpec({ seed: 1 })))).rejects.toThrow('has a run already');
      });
      expect(events.at(-1)!.type).toBe('completed');
    });

    it.each([
      ['crash', 'crash', /ended by SIGABRT/],
      ['exit', 'crash', /exit code 7/],
      ['outOfMemoryExit', 'outOfMemory', /ran out of memory/],
      ['nan', 'nanLoss', /NaN at step 7/],
      ['badConfiguration', 'badConfiguration', /no such thing/],
      ['environment', 'environment', /the disk is full/],
      ['environmentExit', 'environment', /the machine stopped the trainer/],
      ['fullDisk', 'environment', /No space left on device/],
      ['words', 'crash', /something dreadful/],
    ])('classes %s as %s and serves the next run', async (misbehave, failure, message) => {
      slot = await open();
      const run = slotRun(fixtureSpec({ params: { misbehave, misbehaveUntil: 1 } }));
      const { exit } = await follow(startOn(slot, run));
      expect(exit).toMatchObject({
        outcome: 'failed',
        failure: {
          class: failure,
          message: expect.stringMatching(message),
          ...(failure === 'nanLoss' && { step: 7 }),
        },
      });
      const again = await follow(startOn(slot, { ...run, attempt: 2 }));
      expect(again.exit.outcome).toBe('completed');
    });

    it('survives garbage and endless lines on stdout and reports them', async () => {
      slot = await open();
      const run = slotRun(fixtureSpec({ params: { misbehave: 'garbage' } }));
      const { events, exit } = await follow(startOn(slot, run));
      expect(exit.outcome).toBe('completed');
      const warnings = events.flatMap(event => (event.type === 'warning' ? [event.message] : []));
      expect(warnings).toEqual([
        expect.stringMatching(/^\d lines of its stdout dropped .* the first: \{"type":"epo$/),
      ]);
      for (const problem of [
        'no valid JSON',
        'unknown type "nonsense"',
        'missing or wrong epoch',
        'too long',
      ])
        expect(warnings[0]).toContain(problem);
      const log = readFileSync(run.artifacts.folder().cell.log, 'utf8');
      expect(log).toContain('hello from a print');
      expect(log).toContain(`warning: ${warnings[0]}`);
    });

    it('drains: ends after the running epoch', async () => {
      slot = await open();
      const handle = startOn(slot, slotRun(fixtureSpec({ epochs: 50, params: { epochMs: 1000 } })));
      const { exit, events } = await until(handle, 'progress', () => handle.drain());
      expect(exit).toEqual({ outcome: 'interrupted', epoch: 1 });
      expect(events.filter(event => event.type === 'epoch')).toHaveLength(1);
    });

    it('kills a run that ignores the drain; its process is gone', async () => {
      slot = await open();
      const handle = startOn(
        slot,
        slotRun(fixtureSpec({ epochs: 1000, params: { epochMs: 500 }, trainer: ignoresDrain })),
      );
      let epochs = 0;
      const { exit, events } = await until(handle, 'epoch', () => {
        handle.drain();
        if (++epochs === 3) handle.kill();
      });
      expect(exit).toEqual({ outcome: 'killed', epoch: 3 });
      expect(identityOf(pidOf(events)).processStarted).toBeNull();
    });

    it('kills a run that hangs', async () => {
      slot = await open();
      const handle = startOn(slot, slotRun(fixtureSpec({ params: { misbehave: 'hang' } })));
      const { exit } = await until(handle, 'started', () => handle.kill());
      expect(exit).toEqual({ outcome: 'killed', epoch: 0 });
    });

    it('kills a run before its first event', async () => {
      slot = await open();
      const handle = startOn(slot, slotRun(fixtureSpec({ params: { misbehave: 'hang' } })));
      handle.kill();
      expect((await follow(handle)).exit).toEqual({ outcome: 'killed', epoch: 0 });
    });

    it('leaves no process behind when it is closed', async () => {
      slot = await open();
      const { events } = await follow(startOn(slot, slotRun(fixtureSpec({}))));
      await slot.close();
      expect(identityOf(pidOf(events)).processStarted).toBeNull();
    });
  });
}
