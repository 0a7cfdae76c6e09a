import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckpointState } from '../../checkpoints/checkpoint-state.js';
import type { TrainerEvent } from '../../contract/events.js';
import type { Precision, RunSpec } from '../../contract/run-spec.js';
import type { Engine } from '../../engine/engine.js';
import { runCell } from '../../run/run-cell.js';
import { temporaryFolder } from '../temporary-folder.js';
import { inMemoryData } from './in-memory-data.js';
import { runSpec } from './run-spec.js';

/** Whole runs in half precision. */
export function halfPrecisionSuite(engine: Engine): void {
  async function run(spec: RunSpec, { runDir = temporaryFolder(), drainAfter = Infinity } = {}) {
    const events: TrainerEvent[] = [];
    const request = { type: 'run', cellId: 'cell', attempt: 1, spec, runDir, cacheDir: runDir } as const;
    await runCell(request, {
      engine,
      openData: async () => inMemoryData(),
      emit: event => events.push(event),
      isDraining: () => events.filter(event => event.type === 'epoch').length >= drainAfter,
    });
    const of = <T extends TrainerEvent['type']>(type: T) =>
      events.filter((event): event is Extract<TrainerEvent, { type: T }> => event.type === type);
    const lastEpoch = String(of('epoch').at(-1)?.epoch).padStart(6, '0');
    const statePath = () => join(runDir, `checkpoints/epoch-${lastEpoch}/state.json`);
    const checkpoint = (): CheckpointState => JSON.parse(readFileSync(statePath(), 'utf8'));
    return { of, runDir, statePath, checkpoint };
  }
  const spec = (precision: Precision, epochs: number, learningRate = 0.01) =>
    runSpec({ train: { epochs, batchSize: 10, precision }, optimizer: { learningRate } });

  it('half-precision runs learn as a float32 run does', async () => {
    const losses = async (precision: Precision) =>
      (await run(spec(precision, 8, 0.02))).of('epoch').map(({ metrics }) => metrics.trainLoss!);
    const ending = (values: readonly number[]) => values.slice(-5).reduce((sum, value) => sum + value / 5, 0);
    const exact = await losses('float32');
    expect(ending(exact)).toBeLessThan(exact[0]! / 2);
    for (const precision of ['bfloat16', 'float16'] as const) {
      const half = await losses(precision);
      expect(half[0]).not.toBe(exact[0]);
      expect(Math.abs(half[0]! - exact[0]!)).toBeLessThan(0.02);
      expect(Math.abs(ending(half) - ending(exact))).toBeLessThan(0.15 * ending(exact));
    }
  });

  describe.each(['bfloat16', 'float16'] as const)('a %s run', precision => {
    it('goes on after an interruption to the same bits', async () => {
      const whole = await run(spec(precision, 4));
      const first = await run(spec(precision, 4), { drainAfter: 2 });
      const second = await run(spec(precision, 4), { runDir: first.runDir });
      expect(second.of('started')[0]!.resumedFromEpoch).toBe(2);
      expect(second.of('completed')).toEqual(whole.of('completed'));
      expect(second.checkpoint().lossScale).toEqual(whole.checkpoint().lossScale);
    });
  });

  describe('loss scaling', () => {
    it('is kept by float16 runs alone', async () => {
      expect((await run(spec('bfloat16', 1))).checkpoint().lossScale).toBeUndefined();
      const { checkpoint } = await run(spec('float16', 1));
      const { scale, growthTracker, skippedSteps } = checkpoint().lossScale!;
      expect(scale).toBe(2 ** (16 - skippedSteps));
      expect(growthTracker).toBeLessThanOrEqual(2);
    });

    it.each([
      [2 ** 10, 'completed'],
      [2 ** -14, 'failed'],
    ] as const)('at a scale of %d a step whose loss overflows by itself ends as %s', async (scale, end) => {
      const first = await run(spec('float16', 2), { drainAfter: 1 });
      const lossScale = { scale, growthTracker: 0, skippedSteps: 0 };
      writeFileSync(first.statePath(), JSON.stringify({ ...first.checkpoint(), lossScale }));
      // The first of two steps takes the weights beyond float16, the second one has no finite loss.
      const { of } = await run(spec('float16', 2, 1e30), { runDir: first.runDir });
      expect(of(end)).toHaveLength(1);
      if (end === 'failed') expect(of(end)[0]).toMatchObject({ failure: 'nanLoss', step: 4 });
      else expect(of('epoch')[0]!.metrics.trainLoss).toBeTypeOf('number');
    });

    it('skips steps that overflow, says so, and leaves the optimizer as it was', async () => {
      const first = await run(spec('float16', 2), { drainAfter: 1 });
      const before = first.checkpoint();
      const lossScale = { scale: 2 ** 40, growthTracker: 7, skippedSteps: 0 };
      writeFileSync(first.statePath(), JSON.stringify({ ...before, lossScale }));
      const second = await run(spec('float16', 2), { runDir: first.runDir });
      const after = second.checkpoint();
      expect(after.step - before.step).toBe(2);
      expect(after.lossScale).toEqual({ scale: 2 ** 38, growthTracker: 0, skippedSteps: 2 });
      expect(after.files.optimizer).toBe(before.files.optimizer);
      expect(second.of('warning').map(({ message }) => message)).toEqual([
        `epoch 2: 2 steps were skipped, since the float16 gradients overflowed; the loss scale went from ${2 ** 40} to ${2 ** 38}`,
      ]);
      expect(second.of('epoch')[0]!.metrics.trainLoss).toBeTypeOf('number');
    });
  });
}
