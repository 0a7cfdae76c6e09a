import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WaitCancelledError } from '../../files/lock-file.js';
import { silenceMs } from '../../files/lock-watch.js';
import { lockRun } from '../../run/run-lock.js';
import { temporaryFolder } from '../temporary-folder.js';

const module = new URL('../../run/run-lock.js', import.meta.url).href;

/** Another process that takes the lock and holds it until it is killed. */
async function holder(runDir: string, work = 'setInterval(() => {}, 1e6)') {
  const program = `const { lockRun } = await import(${JSON.stringify(module)});
    await lockRun(${JSON.stringify(runDir)}); console.log('held'); setTimeout(() => { ${work} });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the lock of a run', () => {
  it('is there while it is held, and then gone', async () => {
    const runDir = join(temporaryFolder(), 'new');
    const lock = await lockRun(runDir);
    expect(readdirSync(runDir)).toEqual(['trainer.lock']);
    lock.release();
    expect(readdirSync(runDir)).toEqual([]);
    (await lockRun(runDir)).release();
  });

  it('is waited for while its holder dies', async () => {
    const runDir = temporaryFolder();
    const child = await holder(runDir);
    const start = performance.now();
    setTimeout(() => child.kill('SIGKILL'), 300);
    (await lockRun(runDir)).release();
    expect(performance.now() - start).toBeGreaterThan(250);
  });

  it('of a dead process is taken over', async () => {
    const runDir = temporaryFolder();
    const child = await holder(runDir);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(runDir, 'trainer.lock'))).toBe(true);
    const start = performance.now();
    (await lockRun(runDir)).release();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('of another process with the same pid, written by an earlier version, is taken over', async () => {
    const runDir = temporaryFolder();
    const content = { pid: process.pid, host: hostname(), startTime: '1' };
    writeFileSync(join(runDir, 'trainer.lock'), JSON.stringify(content));
    const start = performance.now();
    (await lockRun(runDir)).release();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it('of a zombie is taken over', async () => {
    const runDir = temporaryFolder();
    // A shell that starts the holder and never asks how it ended.
    const program = `import('${module}').then(({ lockRun }) => lockRun('${runDir}')).then(() => console.log(process.pid))`;
    const script = '"$0" --input-type=module -e "$1" & exec sleep 1000';
    const shell = spawn(
      'sh',
      ['-c', script, process.execPath, `${program}.then(() => setInterval(() => {}, 1e6))`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const pid = Number((await once(shell.stdout, 'data'))[0]);
    process.kill(pid, 'SIGKILL');
    await sleep(200);
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toContain(') Z ');
    const start = performance.now();
    (await lockRun(runDir)).release();
    expect(performance.now() - start).toBeLessThan(1000);
    shell.kill('SIGKILL');
  });

  it('that names a host of long ago, nobody or nothing is watched, which is said, and taken over', async () => {
    const left = ['{"pid":1,"host":"old-vm","startTime":"1"}', 'half a li', ''];
    await Promise.all(
      left.map(async content => {
        const runDir = temporaryFolder();
        writeFileSync(join(runDir, 'trainer.lock'), content);
        const said: string[] = [];
        const start = performance.now();
        (await lockRun(runDir, { onWait: words => said.push(words) })).release();
        expect(performance.now() - start).toBeGreaterThan(silenceMs - 1000);
        expect(said).toEqual([expect.stringContaining(join(runDir, 'trainer.lock'))]);
      }),
    );
  }, 60_000);

  it('stays its own while the thread that holds it is busy, and a cancelled wait ends', async () => {
    const runDir = temporaryFolder();
    const busy = `const end = Date.now() + 20_000; while (Date.now() < end);`;
    const child = await holder(runDir, busy);
    const path = join(runDir, 'trainer.lock');
    await sleep(1000);
    const before = readFileSync(path, 'utf8');
    await sleep(5000);
    expect(readFileSync(path, 'utf8')).not.toBe(before);
    const asked = performance.now();
    const wait = lockRun(runDir, { isOver: () => performance.now() - asked > 300 });
    await expect(wait).rejects.toThrow(WaitCancelledError);
    child.kill('SIGKILL');
  }, 30_000);

  it('is not touched by the one who lost it', async () => {
    const runDir = temporaryFolder();
    const path = join(runDir, 'trainer.lock');
    const lock = await lockRun(runDir);
    rmSync(path);
    writeFileSync(path, 'of another');
    await sleep(5000);
    lock.release();
    expect(readFileSync(path, 'utf8')).toBe('of another');
  });

  it('of a live process is an error that names it', async () => {
    const runDir = temporaryFolder();
    const child = await holder(runDir);
    await expect(lockRun(runDir)).rejects.toThrow(
      `is being written by process ${child.pid} on ${hostname()}`,
    );
    child.kill('SIGKILL');
  }, 15_000);
});
