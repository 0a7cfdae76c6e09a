import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockRun } from '../../training/run-lock.js';
import { temporaryFolder } from '../temporary-folder.js';

const module = new URL('../../training/run-lock.js', import.meta.url).href;

/** Another process that takes the lock and holds it until it is killed. */
async function holder(runDir: string) {
  const program = `const { lockRun } = await import(${JSON.stringify(module)});
    await lockRun(${JSON.stringify(runDir)}); console.log('held'); setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('the lock of a run', () => {
  it('is there while it is held, and then gone', async () => {
    const runDir = join(temporaryFolder(), 'new');
    const unlock = await lockRun(runDir);
    expect(readdirSync(runDir)).toEqual(['trainer.lock']);
    await unlock();
    expect(readdirSync(runDir)).toEqual([]);
    await (await lockRun(runDir))();
  });

  it('is waited for while its holder dies', async () => {
    const runDir = temporaryFolder();
    const child = await holder(runDir);
    const start = performance.now();
    setTimeout(() => child.kill('SIGKILL'), 300);
    await (await lockRun(runDir))();
    expect(performance.now() - start).toBeGreaterThan(250);
  });

  it('of a dead process is taken over', async () => {
    const runDir = temporaryFolder();
    const child = await holder(runDir);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(runDir, 'trainer.lock'))).toBe(true);
    const start = performance.now();
    await (await lockRun(runDir))();
    expect(performance.now() - start).toBeLessThan(1000);
  });

  it.each([
    [
      'another process with the same pid',
      JSON.stringify({ pid: process.pid, host: hostname(), startTime: '1' }),
    ],
    ['nobody', 'half a li'],
  ])('that names %s is taken over', async (_, content) => {
    const runDir = temporaryFolder();
    writeFileSync(join(runDir, 'trainer.lock'), content);
    await (await lockRun(runDir))();
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
