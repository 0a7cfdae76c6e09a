import { describe, expect, it } from 'vitest';
import { initialLossScale, nextLossScale, overflowReport } from '../../training/loss-scale.js';
import { goldenFile } from '../golden-file.js';

interface GradScalerRun {
  steps: number;
  /** Steps in which gradients overflow. */
  overflows: number[];
  changes: [step: number, scale: number][];
  growthTracker: number;
}

describe('the loss scale', () => {
  it('grows and backs off as GradScaler does', () => {
    const golden = goldenFile<GradScalerRun>('grad-scaler.json');
    const changes: [number, number][] = [];
    let state = initialLossScale;
    for (let step = 0; step < golden.steps; step++) {
      const next = nextLossScale(state, golden.overflows.includes(step));
      if (next.scale !== state.scale) changes.push([step, next.scale]);
      state = next;
    }
    expect(changes).toEqual(golden.changes);
    expect(state).toMatchObject({
      growthTracker: golden.growthTracker,
      skippedSteps: golden.overflows.length,
    });
  });

  it('stops growing at the end of float32', () => {
    const largest = { scale: 2 ** 127, growthTracker: 1999, skippedSteps: 0 };
    expect(nextLossScale(largest, false)).toEqual({ ...largest, growthTracker: 0 });
  });

  it('tells how many steps were skipped, if any', () => {
    const once = nextLossScale(initialLossScale, true);
    expect(overflowReport(initialLossScale, nextLossScale(initialLossScale, false))).toBeUndefined();
    expect(overflowReport(undefined, once)).toMatch(/^one step was skipped.*from 65536 to 32768/);
    expect(overflowReport(once, nextLossScale(nextLossScale(once, true), true))).toMatch(
      /^2 steps were skipped.*from 32768 to 8192/,
    );
  });
});
