import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { silenceMs } from '../../../trainer/files/lock-watch.js';
import { ownIdentity } from '../../../trainer/files/process-identity.js';
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
  expect(readdirSync(new ResultsPaths(folder).locks)).toEqual([]);
});

const [boot, , namespace] = ownIdentity().processStarted!.split('/');

test.each([
  ['a reused pid', { processStarted: `${boot}/1/${namespace}` }],
  ['a reused pid, written by an earlier version', { processStarted: `${boot}/1` }],
  ['a process that is gone, under the name that its host had then', { host: 'renamed', pid: 4_000_000 }],
])('takes over the lock of %s at once', async (_, difference) => {
  const folder = resultsFolder();
  const lockFile = leftLock(folder, difference);
  const said: string[] = [];
  const lock = await acquireGridLock(folder, grid, words => said.push(words));
  expect(said).toEqual([]);
  lock.release();
  expect(() => readFileSync(lockFile)).toThrow(/ENOENT/);
});

const elsewhere = [
  ['another host', { host: 'elsewhere', processStarted: `another boot/1/${namespace}` }],
  ['another container under the same name', { processStarted: `${boot}/1/pid:[1]` }],
  ['another host, written by an earlier version', { host: 'elsewhere', processStarted: 'another boot/1' }],
  ['nobody knows whom', { pid: 'half a lo' }],
] as const;

test('takes over a lock that gives no sign, whatever time it bears, and says that it watches it', async () => {
  await Promise.all(
    elsewhere.map(async ([, difference], index) => {
      const folder = resultsFolder();
      const lockFile = leftLock(folder, difference);
      const time = new Date(Date.now() + (index % 2 === 0 ? 1 : -1) * 172_800_000);
      utimesSync(lockFile, time, time);
      const said: string[] = [];
      const start = performance.now();
      const lock = await acquireGridLock(folder, grid, words => said.push(words));
      expect(performance.now() - start).toBeGreaterThan(silenceMs - 1000);
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(lockFile);
      lock.release();
      expect(() => readFileSync(lockFile)).toThrow(/ENOENT/);
    }),
  );
}, 90_000);

test.each(elsewhere)('respects the lock of %s that gives signs', async (_, difference) => {
  const folder = resultsFolder();
  const lockFile = leftLock(folder, difference);
  // Of a clock that goes two hours ahead.
  const beat = setInterval(() => {
    const time = new Date(Date.now() + 7_200_000);
    utimesSync(lockFile, time, time);
  }, 1000);
  const refused = await acquireGridLock(folder, grid).catch((error: unknown) => error);
  clearInterval(beat);
  expect(refused).toBeInstanceOf(GridLockedError);
  expect((refused as Error).message).toContain(lockFile);
});

/** A lock file of this process, but for some of its fields. */
function leftLock(folder: string, difference: object): string {
  const lockFile = new ResultsPaths(folder).gridLock(grid);
  mkdirSync(dirname(lockFile), { recursive: true });
  writeFileSync(
    lockFile,
    JSON.stringify({ grid, ...ownIdentity(), command: 'run', sinceMs: 1, ...difference }),
  );
  return lockFile;
}
