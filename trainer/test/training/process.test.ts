import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../temporary-folder.js';
import { runSpec } from './run-spec.js';
import { TrainerChild } from './trainer-child.js';

const start = () => new TrainerChild('./in-memory-trainer.js', ['wasm']);
const longRun = (runDir: string) =>
  ({
    type: 'run',
    cellId: 'cell',
    attempt: 1,
    spec: runSpec({ train: { epochs: 10_000 } }),
    runDir,
    cacheDir: runDir,
  }) as const;

describe('the trainer process', () => {
  it('is ready first, ends at once with its stdin, in the middle of an epoch', async () => {
    const child = start();
    child.send(longRun(temporaryFolder()));
    await child.event(({ type }) => type === 'progress');
    const ending = performance.now();
    expect(await child.end()).toBe(0);
    expect(performance.now() - ending).toBeLessThan(2_000);
    expect(child.events[0]).toMatchObject({ type: 'ready', trainerVersion: '1', engine: { name: 'wasm' } });
  });

  it('leaves Ctrl-C to the runner, and drains when it is told to', async () => {
    const child = start();
    child.send(longRun(temporaryFolder()));
    await child.event(({ type }) => type === 'progress');
    child.signal('SIGINT');
    child.signal('SIGTERM');
    await child.event(({ type }) => type === 'epoch');
    child.send({ type: 'drain' });
    await child.event(({ type }) => type === 'interrupted');
    expect(await child.end()).toBe(0);
  });
});
