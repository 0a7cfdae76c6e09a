import { expect, it } from 'vitest';
import { classifier, headPool, pooledFeatures } from '../../models/head.js';
import { onEngine } from '../on-engine.js';

/** torch.nn.functional's adaptive_avg_pool2d and adaptive_max_pool2d, flattened, of `image`. */
const expected = {
  average: [48.08, 51.96, 47.76, 51.64],
  max: [97, 100, 99, 98],
  adaptiveMax: [84, 94, 87, 97, 100, 93, 86, 96, 99, 89, 99, 92, 88, 95, 98, 91],
  averageMax: [72.54, 75.98, 73.38, 74.82],
} as const;

await onEngine('cpu', ({ tf, ops }) => {
  const context = { tf, ops, tensors: {}, training: false, seed: 0, step: 0 };
  /** [2, 5, 5, 2] with the numbers 0, 37, 74, 111 - 101, … in the order of [2, 2, 5, 5]. */
  const image = () => {
    const planes = Array.from({ length: 100 }, (_, index) => (index * 37) % 101);
    return tf.transpose(tf.tensor4d(planes, [2, 2, 5, 5]), [0, 2, 3, 1]);
  };

  it.each(Object.keys(expected) as (keyof typeof expected)[])('pools by %s as PyTorch', pool => {
    const parameters = { pool, poolSize: 2 };
    const pooled = tf.tidy(() => headPool(parameters).forward(image(), context));
    expect(pooled.shape).toEqual([2, pooledFeatures(2, parameters)]);
    for (const [index, value] of pooled.dataSync().entries())
      expect(value).toBeCloseTo(expected[pool][index]!, 4);
    pooled.dispose();
  });

  it.each([
    [{ hiddenLayers: [] }, ['fc.weight', 'fc.bias']],
    [{ hiddenLayers: [], place: 3 }, ['fc.3.weight', 'fc.3.bias']],
    [{ hiddenLayers: [4] }, ['fc.1.weight', 'fc.1.bias', 'fc.4.weight', 'fc.4.bias']],
    [{ hiddenLayers: [4], place: 3 }, ['fc.3.weight', 'fc.3.bias', 'fc.6.weight', 'fc.6.bias']],
  ])('names its layers by their place: %j', (options, names) => {
    const { entries } = classifier('fc', { input: 2, classes: 3, dropout: 0.5, ...options });
    expect(entries.map(({ name }) => name)).toEqual(names);
  });
});
