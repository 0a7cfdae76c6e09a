import { appendFileSync, mkdtempSync, readFileSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { atomicWrite } from '../../../trainer/files/atomic-write.js';
import { Spool } from '../../agents/client/spool.js';
import type { GivenRun } from '../../agents/messages.js';
import { canMount, smallDisk } from '../fixtures/small-disk.js';

const disk = vi.hoisted(() => ({ flushes: 0, isBroken: false }));
vi.mock('node:fs', async original => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    fsyncSync(file: number) {
      if (disk.isBroken) throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
      disk.flushes++;
      fs.fsyncSync(file);
    },
  };
});
beforeEach(() => Object.assign(disk, { flushes: 0, isBroken: false }));

const run = { ref: 'a_1', cellId: 'a', attempt: 1, finishedEpochs: 0 } as GivenRun;
const warning = (message: string) => ({ type: 'warning' as const, cellId: 'a', message });
const folder = () => mkdtempSync(join(tmpdir(), 'gridfarm-spool-'));

test.each(['{"type":"war', '\u0000\u0000\u0000\n{"type":"warning"}\n', '{"type":"warning"}{"type"\n'])(
  'what a crash left in the file (%j) is taken off, and comes again',
  rest => {
    const path = folder();
    const spool = Spool.begin(path, run);
    spool.keep(atomicWrite);
    spool.append(warning('one'));
    spool.append(warning('two ü'));
    spool.close();
    appendFileSync(join(path, 'events.ndjson'), rest);
    const found = Spool.find(path)!;
    expect(found.batch(1)).toEqual([warning('one'), warning('two ü')]);
    found.append(warning('three'));
    found.close();
    expect(Spool.find(path)!.batch(1)).toEqual([warning('one'), warning('two ü'), warning('three')]);
  },
);

test('the file of a run is there once it is kept, in the place of the one before', () => {
  const path = folder();
  const before = Spool.begin(path, { ...run, ref: 'before_1' });
  before.keep(atomicWrite);
  before.append(warning('before'));
  before.close();
  const spool = Spool.begin(path, run);
  expect(Spool.find(path)!.run.ref).toBe('before_1');
  spool.keep(atomicWrite);
  expect(Spool.find(path)!.run.ref).toBe('a_1');
  expect(Spool.find(path)!.batch(1)).toEqual([]);
});

test('what has come together is flushed together, before it is told', () => {
  const spool = Spool.begin(folder(), run);
  spool.keep((path, content) => atomicWrite(path, content, { isFlushed: false }));
  for (const words of ['one', 'two', 'three']) spool.append(warning(words));
  expect(disk.flushes).toBe(0);
  expect(spool.batch(2)).toEqual([warning('two'), warning('three')]);
  expect(disk.flushes).toBe(1);
  expect(spool.batch(1)).toHaveLength(3);
  expect(disk.flushes).toBe(1);
  spool.append(warning('four'));
  // An end that is on the disk says that all else is.
  spool.end({ outcome: 'killed', epoch: 0 }, path => {
    if (path.endsWith('exit.json')) expect(disk.flushes).toBe(2);
  });
});

test('what a flush failed to keep isn’t told, and is written anew', () => {
  const path = folder();
  const spool = Spool.begin(path, run);
  spool.keep(atomicWrite);
  spool.append(warning('one'));
  spool.batch(1);
  spool.append(warning('two'));
  disk.isBroken = true;
  expect(() => spool.batch(1)).toThrow('EIO');
  // Once it has said so, a kernel forgets what it couldn't write.
  truncateSync(join(path, 'events.ndjson'), 0);
  disk.isBroken = false;
  expect(spool.batch(1)).toEqual([warning('one'), warning('two')]);
  spool.append(warning('three'));
  spool.close();
  expect(Spool.find(path)!.batch(1)).toEqual([warning('one'), warning('two'), warning('three')]);
});

test.skipIf(!canMount(folder()))('a full disk leaves no part of an event (needs the right to mount)', () => {
  const mounted = folder();
  const small = smallDisk(mounted, 1);
  const path = join(mounted, 'run');
  try {
    const spool = Spool.begin(path, run);
    spool.keep(atomicWrite);
    spool.append(warning('one'));
    small.fill();
    // Longer than what is left of the last block.
    const long = warning('x'.repeat(10_000));
    expect(() => spool.append(long)).toThrow('ENOSPC');
    expect(readFileSync(join(path, 'events.ndjson'), 'utf8')).toBe(`${JSON.stringify(warning('one'))}\n`);
    expect(spool.next).toBe(2);
    small.free();
    spool.append(long);
    spool.close();
    expect(Spool.find(path)!.batch(1)).toEqual([warning('one'), long]);
  } finally {
    small.close();
  }
});
