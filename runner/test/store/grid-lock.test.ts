import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { acquireGridLock, GridLockedError } from '../../store/grid-lock.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { resultsFolder } from './fixtures.js';

const grid = 'sweep/ü';
const script = fileURLToPath(new URL('./processes/take-lock.js', import.meta.url));

/** A process that is ready to take the lock. */
async function contender(folder: string) {
  const child = spawn(process.execPath, [script, folder, grid], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  await lines.next();
  return {
    pid: child.pid!,
    async take(): Promise<string> {
      child.stdin!.write('go\n');
      return (await lines.next()).value;
    },
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

test('of many processes at once one gets the lock, and again after each holder is killed', async () => {
  const folder = resultsFolder();
  const contenders = await Promise.all(Array.from({ length: 8 }, () => contender(folder)));
  for (const round of [contenders.slice(0, 4), contenders.slice(4)]) {
    const answers = await Promise.all(round.map(each => each.take()));
    const holder = round[answers.indexOf('held')]!;
    expect(answers.filter(answer => answer === 'held')).toHaveLength(1);
    expect(answers.filter(answer => answer === `refused ${holder.pid}`)).toHaveLength(3);
    await Promise.all(round.map(each => each.kill()));
  }
  (await acquireGridLock(folder, grid)).release();
});

test('says who holds it, and lets it go', async () => {
  const folder = resultsFolder();
  const lock = await acquireGridLock(folder, grid);
  const refused = await acquireGridLock(folder, grid).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(GridLockedError);
  expect((refused as Error).message).toMatch(
    new RegExp(`grid ${grid} is being run by process ${process.pid} on .* since 20.*Z`),
  );
  const other = await acquireGridLock(folder, 'another');
  lock.release();
  lock.release();
  const again = await acquireGridLock(folder, grid);
  lock.release();
  expect(readdirSync(new ResultsPaths(folder).locks).filter(name => name.endsWith('.json'))).toHaveLength(2);
  again.release();
  other.release();
  expect(readdirSync(new ResultsPaths(folder).locks)).toEqual(['mutex.db']);
});

test.each([
  ['a reused pid', { processStarted: 'another boot/1' }, 0],
  ['another host that went silent', { host: 'elsewhere' }, 120_000],
])('takes over the lock of %s', async (_, difference, ageMs) => {
  const folder = resultsFolder();
  const { lockFile } = await abandoned(folder, difference, ageMs);
  (await acquireGridLock(folder, grid)).release();
  expect(() => readFileSync(lockFile)).toThrow(/ENOENT/);
});

test('respects another host that still touches its lock', async () => {
  const folder = resultsFolder();
  await abandoned(folder, { host: 'elsewhere' }, 10_000);
  await expect(acquireGridLock(folder, grid)).rejects.toThrow(/on elsewhere since/);
});

/** A lock file with this process as the holder, but for some of its fields. */
async function abandoned(folder: string, difference: object, ageMs: number) {
  const { holder, release } = await acquireGridLock(folder, grid);
  release();
  const lockFile = new ResultsPaths(folder).gridLock(grid);
  writeFileSync(lockFile, JSON.stringify({ ...holder, ...difference }));
  const touched = new Date(Date.now() - ageMs);
  utimesSync(lockFile, touched, touched);
  return { lockFile };
}
