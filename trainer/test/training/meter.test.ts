import { beforeAll, describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../engine/ops.js';
import { loadCpuEngine } from '../../engine/wasm/engine.js';
import { Meter } from '../../training/meter.js';

let tf: TensorFlow;
beforeAll(async () => {
  ({ tf } = await loadCpuEngine());
});

describe('a meter', () => {
  it('weighs batches by their images', async () => {
    const meter = new Meter(tf, 1);
    await meter.add(tf.tensor1d([1, 3, 4]), 4);
    await meter.add(tf.tensor1d([4, 0, 0]), 1);
    expect(await meter.result()).toEqual({ loss: 8 / 5, shares: [3 / 5, 4 / 5] });
  });

  it('reads back in windows, and holds no more tensors than two of them', async () => {
    const before = tf.memory().numTensors;
    const meter = new Meter(tf, 1);
    const held: number[] = [];
    for (let batch = 1; batch <= 200; batch++) {
      await meter.add(tf.tensor1d([batch, 1]), 2);
      held.push(tf.memory().numTensors - before);
    }
    expect(Math.max(...held)).toBeLessThanOrEqual(64);
    expect(meter.latestLoss).toBe(160);
    expect(await meter.result()).toEqual({ loss: 100.5, shares: [0.5] });
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('names the first step with a loss of %d', async bad => {
    const before = tf.memory().numTensors;
    const meter = new Meter(tf, 101);
    const add = async (batches: number) => {
      for (let batch = 0; batch < batches; batch++) await meter.add(tf.tensor1d([batch < 6 ? 1 : bad, 0]), 1);
    };
    await expect(add(100)).rejects.toMatchObject({ name: 'NanLossError', step: 107 });
    meter.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('counts steps of several batches', async () => {
    const meter = new Meter(tf, 11, 3);
    for (const loss of [1, 1, 1, 1, Number.NaN]) await meter.add(tf.tensor1d([loss, 0]), 1);
    await expect(meter.result()).rejects.toMatchObject({ step: 12 });
  });
});

it('leaves losses without a step out of the mean where steps may overflow', async () => {
  const meter = new Meter(tf, 1, 1, true);
  for (const loss of [2, Number.POSITIVE_INFINITY, Number.NaN, 4]) await meter.add(tf.tensor1d([loss, 1]), 2);
  expect(await meter.result()).toEqual({ loss: 3, shares: [0.5] });
  expect(meter.latestLoss).toBe(4);
  const none = new Meter(tf, 1, 1, true);
  await none.add(tf.tensor1d([Number.NaN, 0]), 2);
  expect(await none.result()).toEqual({ loss: Number.NaN, shares: [0] });
});
