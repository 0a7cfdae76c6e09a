import { describe, expect, it } from 'vitest';
import type { Engine, VariableSet } from '../../engine/engine.js';
import { type RuleName, type SlotOf, updateRules } from '../../engine/update-rules/all.js';
import { cpu, deviation, on, wasm } from './backends.js';
import { numbers, tensor } from './engine-tensors.js';

/** Sizes below, at and above the width of a vector. */
const sizes = [1, 4, 11];

/** Two steps of a rule on random values; the parameters and slots after them. */
function twoSteps(engine: Engine, name: RuleName): number[] {
  const { tf } = engine;
  const rule = updateRules[name];
  const set = (seed: number, least = 0) =>
    engine.variables(
      Object.fromEntries(
        sizes.map(size => {
          const value = () => tf.add(tf.abs(tensor(engine, [size], seed + size)), least);
          return [`p${size}`, tf.tidy(value)];
        }),
      ),
    );
  const parameters = set(1);
  // The first slot is large: a mean square is larger than the squared mean.
  const slots = Object.fromEntries(
    rule.slots.map((slot, index) => [slot, set(100 * (index + 1), index === 0 ? 2 : 0)]),
  ) as Record<SlotOf<RuleName>, VariableSet>;
  const values = Object.fromEntries(rule.scalars.map((scalar, index) => [scalar, 0.3 + 0.05 * index]));
  const scalars = new Map(sizes.map(size => [`p${size}`, values]));
  for (const seed of [7, 8]) {
    const gradients = Object.fromEntries(
      sizes.map(size => [`p${size}`, tensor(engine, [size], seed * size)]),
    );
    engine.updates.apply(name, { parameters, slots }, gradients, scalars as never);
    tf.dispose(gradients);
  }
  const sets = [parameters, ...Object.values(slots)];
  const results = sets.flatMap(one => Object.values(one.read()).flatMap(value => [...value.dataSync()]));
  for (const one of sets) one.dispose();
  return results;
}

describe('update rules', () => {
  it.each(Object.keys(updateRules) as RuleName[])(
    '%s: the compiled loop does what the operations do',
    async name => {
      const results: number[][] = [];
      for (const engine of [wasm, cpu]) {
        await engine.tf.setBackend(engine.info.name);
        const before = engine.tf.memory().numTensors;
        results.push(twoSteps(engine, name));
        expect(engine.tf.memory().numTensors).toBe(before);
      }
      expect(deviation(results[0]!, results[1]!)).toBeLessThan(1e-6);
    },
  );
});

describe.each([wasm, cpu])('on $info.name', engine => {
  it('an update names a missing gradient', async () => {
    await on(engine, ({ tf, updates, variables }) => {
      const parameters = variables({ 'fc.bias': tf.zeros([1]) });
      const scalars = new Map([['fc.bias', { learningRate: 1, penalty: 0 }]]);
      expect(() => updates.apply('sgd', { parameters, slots: {} }, {}, scalars)).toThrow('fc.bias');
      parameters.dispose();
      return [];
    });
  });

  it('variables check what they are given', async () => {
    await on(engine, ({ tf, variables }) => {
      const set = variables({ a: tf.tensor(numbers(2, 1)) });
      expect(() => set.assign('b', tf.zeros([2]))).toThrow('unknown variable b; known are a');
      expect(() => set.assign('a', tf.zeros([3]))).toThrow('variable a: expected shape [2], got [3]');
      set.dispose();
      return [];
    });
  });
});
