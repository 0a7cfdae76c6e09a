import { describe, expect, it } from 'vitest';
import type { Engine } from '../../backend/engine.js';
import { clipByGlobalNorm } from '../../optimizers/clip.js';
import { createOptimizer } from '../../optimizers/registry.js';
import { expectClose } from '../backend/expect-close.js';
import { goldenFile } from '../golden-file.js';

interface Trajectory {
  name: string;
  optimizer: 'SGD' | 'Adam' | 'AdamW';
  hyperparameters: {
    momentum?: number;
    dampening?: number;
    nesterov?: boolean;
    weight_decay: number;
    betas?: [number, number];
    eps?: number;
  };
  lr_per_step: number[];
  grads: number[][];
  params: number[][];
}

const golden = goldenFile<{ init: number[]; cases: Trajectory[] }>('optimizers.json');
const tolerance = 2e-5;

function componentOf({ optimizer, hyperparameters }: Trajectory) {
  const { weight_decay: weightDecay, eps: epsilon, ...rest } = hyperparameters;
  return { name: optimizer.toLowerCase(), weightDecay, epsilon, ...rest };
}

/** PyTorch's trajectories of 25 steps; the six values are split over two parameters. */
export function optimizerConformance(engine: Engine): void {
  const { tf } = engine;
  const split = (values: readonly number[]) => ({
    matrix: tf.tensor2d(values.slice(0, 4), [2, 2]),
    vector: tf.tensor1d(values.slice(4)),
  });
  const valuesOf = (variables: ReturnType<Engine['variables']>) =>
    Object.values(variables.read()).flatMap(value => [...value.dataSync()]);

  function start(trajectory: Trajectory, values: readonly number[]) {
    const parameters = engine.variables(split(values));
    const optimizer = createOptimizer(componentOf(trajectory), engine, parameters);
    const step = (index: number) => {
      const gradients = split(trajectory.grads[index]!);
      optimizer.step(gradients, trajectory.lr_per_step[index]!);
      tf.dispose(gradients);
    };
    return { parameters, optimizer, step };
  }

  describe('optimizers', () => {
    for (const trajectory of golden.cases) {
      it(`${trajectory.name}: follows PyTorch and leaks nothing`, () => {
        const { parameters, optimizer, step } = start(trajectory, golden.init);
        const tensors: number[] = [];
        for (const [index, expected] of trajectory.params.entries()) {
          step(index);
          expectClose(valuesOf(parameters), expected, tolerance);
          tensors.push(tf.memory().numTensors);
        }
        expect(tensors.at(-1)).toBe(tensors[1]);
        optimizer.dispose();
        parameters.dispose();
      });

      it(`${trajectory.name}: a resumed one has the same bits`, () => {
        const whole = start(trajectory, golden.init);
        for (let index = 0; index < 8; index++) whole.step(index);
        const saved = Object.entries(whole.optimizer.state()).map(([name, value]) => [
          name,
          value.arraySync(),
        ]);
        const resumed = start(trajectory, valuesOf(whole.parameters));
        resumed.optimizer.load(
          Object.fromEntries(saved.map(([name, value]) => [name, tf.tensor(value as number[])])),
          8,
        );
        for (let index = 8; index < 16; index++) {
          whole.step(index);
          resumed.step(index);
        }
        expect(valuesOf(resumed.parameters)).toEqual(valuesOf(whole.parameters));
      });
    }

    it('refuses the state of another optimizer', () => {
      const sgd = start(golden.cases.find(({ name }) => name === 'sgd_momentum')!, golden.init);
      const adam = start(golden.cases.find(({ name }) => name === 'adam')!, golden.init);
      const state = Object.entries(sgd.optimizer.state()).map(([name, value]) => [name, tf.clone(value)]);
      expect(() => adam.optimizer.load(Object.fromEntries(state), 1)).toThrow('expAvg');
    });

    it('names an unknown optimizer', () => {
      const parameters = engine.variables(split(golden.init));
      expect(() => createOptimizer({ name: 'sdg' }, engine, parameters)).toThrow(/sgd, adam, adamw, got sdg/);
    });
  });

  describe('clipByGlobalNorm', () => {
    // Norm of all: sqrt(9 + 16 + 144) = 13.
    const gradients = () => ({ a: tf.tensor1d([3, 4]), b: tf.tensor2d([[12]]) });
    const clipped = (maxNorm: number) =>
      tf.tidy(() =>
        Object.values(clipByGlobalNorm(engine, gradients(), maxNorm)).flatMap(t => [...t.dataSync()]),
      );

    it('scales all gradients by one factor', () => expectClose(clipped(6.5), [1.5, 2, 6], 1e-6));
    it('leaves short ones alone', () => expect(clipped(14)).toEqual([3, 4, 12]));
  });

  describe('variables', () => {
    it('keep order, take assignments, refuse other shapes and names', () => {
      const variables = engine.variables({ b: tf.ones([2]), a: tf.zeros([1]) });
      expect(variables.names).toEqual(['b', 'a']);
      variables.assign('b', tf.tensor1d([5, 6]));
      expect(valuesOf(variables)).toEqual([5, 6, 0]);
      expect(() => variables.assign('b', tf.zeros([3]))).toThrow(/b.*\[?2\]?.*3/);
      expect(() => variables.assign('c', tf.zeros([3]))).toThrow(/c/);
    });

    it('give all memory back', () => {
      const before = tf.memory().numTensors;
      const variables = engine.variables({ a: tf.ones([2]) });
      variables.read();
      variables.assign('a', tf.zeros([2]));
      variables.read();
      variables.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
