import { expect, it } from 'vitest';
import { profile } from '../../diagnosis/profile/profile.js';
import { rangeTest } from '../../diagnosis/range-test/range-test.js';
import type { Engine } from '../../engine/engine.js';
import { inMemoryData } from './in-memory-data.js';
import { runSpec } from './run-spec.js';

/** What is measured of a run without leaving anything behind: learning rates, and where time goes. */
export function insightSuite(engine: Engine): void {
  const environment = { engine, openData: async () => inMemoryData() };
  const spec = runSpec({ optimizer: { name: 'sgd' }, train: { batchSize: 10 } });

  it('a range test visits rates that grow by a constant factor and ends where the loss diverges', async () => {
    const { points, diverged, suggestion } = await rangeTest(
      { spec, cacheDir: '', steps: 60, lowest: 1e-5, highest: 1e5 },
      environment,
    );
    expect(diverged).toBe(true);
    expect(points.length).toBeLessThan(60);
    expect(points[0]!.learningRate).toBe(1e-5);
    const factor = (1e5 / 1e-5) ** (1 / 59);
    for (const [at, { learningRate }] of points.entries())
      expect(learningRate / (1e-5 * factor ** at)).toBeCloseTo(1, 9);
    expect(suggestion.steepest).toBeGreaterThan(1e-5);
    expect(suggestion.tenthOfMinimum).toBeGreaterThan(1e-5);
    expect(suggestion.steepest).toBeLessThan(points.at(-1)!.learningRate);
  });

  it('the same range test gives the same losses', async () => {
    const request = { spec, cacheDir: '', steps: 10, lowest: 1e-4, highest: 1e-1 };
    const [a, b] = [await rangeTest(request, environment), await rangeTest(request, environment)];
    expect(a.points).toEqual(b.points);
  });

  it('a profile puts every kernel into a phase and a layer, and leaves no tensor', async () => {
    await profile({ spec, cacheDir: '', steps: 1 }, environment);
    const before = engine.tf.memory().numTensors;
    const { entries, phases, step, timedMilliseconds, parameters } = await profile(
      { spec, cacheDir: '', steps: 2 },
      environment,
    );
    expect(engine.tf.memory().numTensors).toBe(before);
    expect(step.count).toBe(2);
    expect(parameters).toBeGreaterThan(1000);
    const layers = (phase: string) =>
      new Set(entries.filter(entry => entry.phase === phase).map(entry => entry.layer));
    for (const layer of ['conv1', 'layer1.0.conv1', 'layer3.0.downsample.0', 'fc']) {
      expect(layers('forward')).toContain(layer);
      expect(layers('backward')).toContain(layer);
    }
    expect(layers('update')).toEqual(new Set(['(optimizer)']));
    const kernels = entries.reduce((sum, { milliseconds }) => sum + milliseconds, 0);
    const whole = Object.values(phases).reduce((sum, time) => sum + time, 0);
    expect(kernels).toBeGreaterThan(0);
    expect(kernels).toBeLessThanOrEqual(whole);
    expect(whole).toBeLessThanOrEqual(timedMilliseconds * 1.001);
  });
}
