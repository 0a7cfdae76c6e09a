import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LockWatch } from '../../files/lock-watch.js';
import { ownIdentity } from '../../files/process-identity.js';

test('a lock that has just been put in the place of an abandoned one, and is empty yet, is somebody’s who is not known yet', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock.json');
  const watch = new LockWatch(path);
  writeFileSync(path, JSON.stringify({ ...ownIdentity(), pid: 4_000_000 }));
  expect(watch.look()).toMatchObject({ state: 'abandoned' });
  rmSync(path);
  writeFileSync(path, '');
  expect(watch.look()).toEqual({ state: 'held', holder: undefined, isSure: false });
  writeFileSync(path, JSON.stringify(ownIdentity()));
  expect(watch.look()).toMatchObject({ state: 'held', holder: { pid: process.pid }, isSure: true });
});

test('of a lock that can’t be read each change is a sign', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock.json');
  const watch = new LockWatch(path);
  for (const [content, isSure] of [
    ['half', false],
    ['half a', true],
  ] as const) {
    writeFileSync(path, content);
    expect(watch.look()).toEqual({ state: 'held', holder: undefined, isSure });
  }
});
