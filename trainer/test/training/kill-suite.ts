import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { purposeKey } from '../../augmentation/random.js';
import {
  type EngineName,
  type EpochRecord,
  measuredMetrics,
  type RunRequest,
} from '../../contract/events.js';
import { temporaryFolder } from '../temporary-folder.js';
import { runSpec } from './run-spec.js';
import { TrainerChild } from './trainer-child.js';

/** SIGKILL at random moments, with real processes. */
export function killSuite(engine: EngineName): void {
  const program = './in-memory-trainer.js';
  const spec = runSpec({
    model: { dropout: 0.2, hiddenLayers: [6] },
    optimizer: { name: 'sgd', momentum: 0.9, nesterov: true },
    scheduler: { name: 'plateau', patience: 0, factor: 0.5 },
    train: { epochs: 8 },
  });
  const requestIn = (runDir: string): RunRequest => ({
    type: 'run',
    cellId: 'cell',
    attempt: 1,
    spec,
    runDir,
    cacheDir: runDir,
  });

  /** Metrics that must be the same, of the newest record of each epoch. */
  function outcome(children: readonly TrainerChild[]) {
    const epochs = new Map<number, unknown>();
    const add = ({ epoch, step, metrics }: EpochRecord) => {
      const same = Object.entries(metrics).filter(([name]) => !measuredMetrics.includes(name));
      epochs.set(epoch, { step, ...Object.fromEntries(same) });
    };
    for (const event of children.flatMap(child => child.events)) {
      if (event.type === 'epoch') add(event);
      if (event.type === 'started') event.history.forEach(add);
    }
    const completed = children.at(-1)!.events.find(event => event.type === 'completed');
    return { epochs: [...epochs], completed };
  }

  describe('a trainer that is killed again and again', () => {
    it('ends with the bits of an undisturbed one', async () => {
      const undisturbed = new TrainerChild(program, [engine]);
      await undisturbed.event(({ type }) => type === 'ready');
      const start = performance.now();
      undisturbed.send(requestIn(temporaryFolder()));
      await undisturbed.event(({ type }) => type === 'completed');
      const duration = performance.now() - start;
      expect(await undisturbed.end()).toBe(0);

      const runDir = temporaryFolder();
      const children: TrainerChild[] = [];
      const resumed: number[] = [];
      for (let kill = 0; kill < 6; kill++) {
        const child = new TrainerChild(program, [engine]);
        children.push(child);
        child.send(requestIn(runDir));
        const started = await child.event(({ type }) => type === 'started');
        if (started.type === 'started') resumed.push(started.resumedFromEpoch);
        // Random moments, alike in every test run: anywhere within the next three epochs or so.
        await sleep((duration * 3 * (purposeKey(`kill ${kill}`) / 2 ** 32)) / 8);
        await child.kill();
      }
      const last = new TrainerChild(program, [engine]);
      children.push(last);
      last.send(requestIn(runDir));
      await last.event(({ type }) => type === 'completed');
      expect(await last.end()).toBe(0);

      expect(resumed.at(-1)).toBeGreaterThan(0);
      expect(resumed).toEqual(resumed.toSorted((a, b) => a - b));
      expect(outcome(children)).toEqual(outcome([undisturbed]));
    }, 120_000);
  });
}
