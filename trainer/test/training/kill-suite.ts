import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { parse } from '../../checkpoints/safetensors.js';
import { weightsHash } from '../../checkpoints/state-dict.js';
import { type EngineName, type EpochRecord, measuredMetrics } from '../../contract/events.js';
import type { RunSpec } from '../../contract/run-spec.js';
import { purposeKey } from '../../random/random.js';
import { temporaryFolder } from '../temporary-folder.js';
import { runSpec } from './run-spec.js';
import { TrainerChild } from './trainer-child.js';

const ema = { decay: 0.9, updateEvery: 2, warmup: true };
/** Together they have every kind of state that a run can have. */
const everyState: Record<string, RunSpec> = {
  'momentum, dropout, plateau': runSpec({
    model: { dropout: 0.2, hiddenLayers: [6] },
    optimizer: { name: 'sgd', momentum: 0.9, nesterov: true },
    scheduler: { name: 'plateau', patience: 0, factor: 0.5 },
    train: { epochs: 6 },
  }),
  'AMSGrad, lookahead, SAM, an average, two batches a step': runSpec({
    model: { dropout: 0.2 },
    optimizer: {
      ...{ name: 'adamw', amsgrad: true, lookahead: { steps: 3, alpha: 0.5 } },
      sam: { rho: 0.05, adaptive: true, eta: 0.01 },
    },
    train: { epochs: 6, accumulate: 2, ema },
    objective: { metric: 'emaValidationLoss', direction: 'minimize' },
  }),
  'Muon, an average, a frozen stem': runSpec({
    optimizer: { name: 'muon' },
    train: { epochs: 6, ema, freeze: ['conv1.*', 'bn1.*'], gradientClipValue: 0.1 },
  }),
};
const kills = 7;

/** SIGKILL at random moments, with real processes; `more`: cells beside those for every engine. */
export function killSuite(engine: EngineName, more: Record<string, RunSpec> = {}): void {
  const specs = { ...everyState, ...more };
  /** A trainer that is asked to train all cells one after the other; `completed` resolves with the last one. */
  function train(runDir: string) {
    const child = new TrainerChild('./in-memory-trainer.js', [engine]);
    for (const [cellId, spec] of Object.entries(specs))
      child.send({ type: 'run', cellId, attempt: 1, spec, runDir: join(runDir, cellId), cacheDir: runDir });
    const last = Object.keys(specs).at(-1);
    const completed = () => child.event(event => event.type === 'completed' && event.cellId === last);
    return { child, completed };
  }

  /** Hashes of the weights that a run leaves, by file. */
  function weightsIn(runDir: string) {
    const folder = join(runDir, 'checkpoints');
    const files = readdirSync(folder).filter(name => name.endsWith('.safetensors'));
    return files.sort().map(name => [name, weightsHash(parse(readFileSync(join(folder, name)), name))]);
  }

  /** Metrics that must be the same, of the newest record of each epoch of each cell, and the weights in the end. */
  function outcome(children: readonly TrainerChild[], runDir: string) {
    const epochs = new Map<string, unknown>();
    const add = (cellId: string, { epoch, step, metrics }: EpochRecord) => {
      const same = Object.entries(metrics).filter(([name]) => !measuredMetrics.includes(name));
      epochs.set(`${cellId} ${epoch}`, { step, ...Object.fromEntries(same) });
    };
    for (const event of children.flatMap(child => child.events)) {
      if (event.type === 'epoch') add(event.cellId, event);
      if (event.type === 'started') for (const record of event.history) add(event.cellId, record);
    }
    const completed = children.at(-1)!.events.filter(event => event.type === 'completed');
    const weights = Object.keys(specs).map(cellId => weightsIn(join(runDir, cellId)));
    return { epochs: Object.fromEntries(epochs), completed, weights };
  }

  describe('a trainer that is killed again and again', () => {
    it('ends with the bits of an undisturbed one', async () => {
      const undisturbedDir = temporaryFolder();
      const undisturbed = train(undisturbedDir);
      await undisturbed.child.event(({ type }) => type === 'ready');
      const start = performance.now();
      await undisturbed.completed();
      const duration = performance.now() - start;
      expect(await undisturbed.child.end()).toBe(0);

      const runDir = temporaryFolder();
      const children: TrainerChild[] = [];
      for (let kill = 0; kill < kills; kill++) {
        const { child } = train(runDir);
        children.push(child);
        await child.event(({ type }) => type === 'ready');
        // Random moments, alike in every test run: on the average all cells are through after so many of them.
        await sleep((duration * 2 * (purposeKey(`kill ${kill}`) / 2 ** 32)) / kills);
        await child.kill();
      }
      const last = train(runDir);
      children.push(last.child);
      await last.completed();
      expect(await last.child.end()).toBe(0);

      const resumed = children.flatMap(child => child.events).filter(event => event.type === 'started');
      const midway = resumed.filter(({ resumedFromEpoch }) => resumedFromEpoch > 0 && resumedFromEpoch < 6);
      expect(new Set(midway.map(({ cellId }) => cellId)).size).toBeGreaterThan(0);
      expect(outcome(children, runDir)).toEqual(outcome([undisturbed.child], undisturbedDir));
    }, 240_000);
  });
}
