import { expect, it } from 'vitest';
import { stochasticDepth, stochasticDepthRate } from '../../models/stochastic-depth.js';
import { onEngine } from '../on-engine.js';

await onEngine('cpu', ({ tf, ops }) => {
  const images = 4000;
  /** The one value of each image. */
  const masked = (context: { training: boolean; seed: number; step: number }, name = 'layer') => {
    const layer = stochasticDepth(name, 0.25);
    const values = tf.tidy(() => {
      const y = layer.forward(tf.ones([images, 1, 2]), { tf, ops, tensors: {}, ...context });
      return y.dataSync();
    });
    for (let image = 0; image < images; image++) expect(values[2 * image]).toBe(values[2 * image + 1]);
    return values;
  };
  const training = { training: true, seed: 5, step: 7 };

  it('leaves whole images out with the given probability and scales the others', () => {
    const values = masked(training);
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / 0.75)]));
    const share = values.filter(value => value === 0).length / values.length;
    expect(Math.abs(share - 0.25)).toBeLessThan(5 * Math.sqrt((0.25 * 0.75) / images));
  });

  it('is keyed by seed, step and name, and does nothing outside of training', () => {
    expect(masked(training)).toEqual(masked(training));
    for (const other of [
      masked({ ...training, seed: 6 }),
      masked({ ...training, step: 8 }),
      masked(training, 'x'),
    ])
      expect(other).not.toEqual(masked(training));
    expect(new Set(masked({ ...training, training: false }))).toEqual(new Set([1]));
  });

  it('grows linearly with the depth of the branch', () => {
    expect([0, 1, 2].map(index => stochasticDepthRate(0.2, index, 3))).toEqual([0, 0.1, 0.2]);
    expect(stochasticDepthRate(0.2, 0, 1)).toBe(0.2);
  });
});
