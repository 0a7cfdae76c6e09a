import type { RangeTest, RangeTestRequest } from '../../contract/range-test.js';
import { openDryRun } from '../../run/dry-run.js';
import type { RunEnvironment } from '../../run/run-environment.js';
import { smooth, suggest } from './suggest.js';

/** Of the running mean of the losses, by which divergence is judged while the test runs. */
const decay = 0.9;
/** The test ends once the running mean is so many times its best. */
const divergence = 4;

/**
 * Learning-rate range test: trains with a rate that grows by a constant factor from step to step until the loss diverges.
 * Smith, "Cyclical learning rates for training neural networks" (WACV 2017, arXiv 1506.01186); rates grow exponentially
 * since they span many powers of ten. Writes nothing.
 */
export async function rangeTest(
  request: RangeTestRequest,
  environment: Pick<RunEnvironment, 'engine' | 'openData'>,
): Promise<RangeTest> {
  const start = performance.now();
  const { steps, lowest, highest } = request;
  const dryRun = await openDryRun(request, environment);
  const rates: number[] = [];
  const losses: number[] = [];
  let diverged = false;
  try {
    const watch = divergenceWatch();
    for await (const batch of dryRun.batches()) {
      const learningRate = lowest * (highest / lowest) ** (rates.length / (steps - 1));
      const values = dryRun.step(batch, learningRate);
      const [loss] = (await values.data()) as Float32Array;
      values.dispose();
      diverged = watch(loss!);
      if (Number.isFinite(loss)) {
        rates.push(learningRate);
        losses.push(loss!);
      }
      if (diverged || rates.length === steps) break;
    }
  } finally {
    dryRun.dispose();
  }
  const smoothed = smooth(losses, steps);
  const points = rates.map((learningRate, i) => ({ learningRate, loss: losses[i]!, smoothed: smoothed[i]! }));
  return {
    points,
    diverged,
    suggestion: suggest(points),
    engine: environment.engine.info,
    seconds: (performance.now() - start) / 1000,
  };
}

/** Takes loss after loss; true once they have left all bounds. */
function divergenceWatch(): (loss: number) => boolean {
  let mean = 0;
  let best = Number.POSITIVE_INFINITY;
  let count = 0;
  return loss => {
    count++;
    mean = decay * mean + (1 - decay) * loss;
    const unbiased = mean / (1 - decay ** count);
    best = Math.min(best, unbiased);
    return !(unbiased <= divergence * best);
  };
}
