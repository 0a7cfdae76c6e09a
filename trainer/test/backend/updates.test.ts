import { describe, expect, it } from 'vitest';
import type { Engine } from '../../backend/engine.js';
import { readGolden } from '../golden.js';
import { cpu, deviation, numbers, on, wasm } from './backends.js';

interface Case {
  name: string;
  optimizer: 'SGD' | 'Adam' | 'AdamW';
  hyperparameters: Record<string, never>;
  lr_per_step: number[];
  grads: number[][];
  params: number[][];
}

const golden = JSON.parse(readGolden('update_rules.json').toString()) as { init: number[]; cases: Case[] };

/** Takes the steps of a case; checks the parameters after each. */
function follow(engine: Engine, one: Case): void {
  const { tf } = engine;
  const zeros = () => engine.variables({ p: tf.zeros([golden.init.length]) });
  const parameters = engine.variables({ p: tf.tensor(golden.init) });
  const [first, second] = [zeros(), zeros()];
  const given = one.hyperparameters as Record<string, unknown>;
  one.grads.forEach((values, index) => {
    const gradients = { p: tf.tensor(values, undefined, 'float32') };
    const learningRate = one.lr_per_step[index]!;
    const weightDecay = given.weight_decay as number;
    if (one.optimizer === 'SGD') {
      const { momentum, dampening, nesterov } = given as {
        momentum: number;
        dampening: number;
        nesterov: boolean;
      };
      const options = { learningRate, momentum, dampening, nesterov, weightDecay, first: index === 0 };
      engine.updates.sgd(parameters, momentum > 0 ? first : null, gradients, options);
    } else {
      const betas = given.betas as [number, number];
      const epsilon = given.eps as number;
      const decoupled = one.optimizer === 'AdamW';
      const options = { step: index + 1, learningRate, betas, epsilon, weightDecay, decoupled };
      engine.updates.adam(parameters, { first, second }, gradients, options);
    }
    gradients.p.dispose();
    const actual = [...parameters.read().p!.dataSync()];
    expect(deviation(actual, one.params[index]!), `step ${index + 1}`).toBeLessThan(2e-5);
  });
  for (const set of [parameters, first, second]) set.dispose();
}

describe.each([wasm, cpu])('PyTorch steps on $info.name', engine => {
  it.each(golden.cases.map(one => [one.name, one] as const))('%s', async (_, one) => {
    await engine.tf.setBackend(engine.info.name);
    const before = engine.tf.memory().numTensors;
    follow(engine, one);
    expect(engine.tf.memory().numTensors).toBe(before);
  });

  it('names a missing gradient', async () => {
    await on(engine, ({ tf, updates, variables }) => {
      const options = {
        learningRate: 1,
        momentum: 0,
        dampening: 0,
        nesterov: false,
        weightDecay: 0,
        first: true,
      };
      const parameters = variables({ 'fc.bias': tf.zeros([1]) });
      expect(() => updates.sgd(parameters, null, {}, options)).toThrow('fc.bias');
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
