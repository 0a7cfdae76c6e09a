import { describe, expect, it } from 'vitest';
import { type OptimizerName, optimizers } from '../../contract/params.js';
import { type Parameters, withDefaults } from '../../contract/schema.js';
import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';
import { clipByGlobalNorm } from '../../optimizers/clip.js';
import { createOptimizer } from '../../optimizers/registry.js';
import { expectClose } from '../engine/expect-close.js';
import { goldenFile } from '../golden-file.js';

interface Trajectory {
  name: string;
  optimizer: string;
  /** PyTorch's and timm's names. */
  hyperparameters: Record<string, unknown>;
  /** The six values are split over parameters of these sizes. */
  tensor_sizes: number[];
  /** [value, how often in a row] */
  lrs: [number, number][];
  grads: number[][];
  params: number[][];
}

const golden = goldenFile<{ init: number[]; cases: Trajectory[] }>('optimizers.json');
const tolerance = 2e-5;

/** Their names that differ from ours in more than the case. */
const renamed: Record<string, string> = {
  eps: 'epsilon',
  lr_decay: 'learningRateDecay',
  initial_accumulator_value: 'initialAccumulator',
  max_grad_norm: 'maxGradientNorm',
  decoupled_decay: 'decoupledWeightDecay',
};
const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function componentOf({ optimizer, hyperparameters }: Trajectory) {
  const name = optimizer.toLowerCase();
  const given = Object.entries(hyperparameters).map(([key, value]) => [
    renamed[key] ?? camelCase(key),
    value,
  ]);
  const known = optimizers[name as OptimizerName] as Parameters;
  return { name, ...Object.fromEntries(given.filter(([key]) => Object.hasOwn(known, key as string))) };
}

/** With every default. */
function complete(component: { name: string; [parameter: string]: unknown }) {
  const properties = optimizers[component.name as OptimizerName] as Parameters;
  return withDefaults({ properties }, component) as typeof component;
}

/** PyTorch's and timm's trajectories of 25 steps. */
export function optimizerConformance(engine: Engine): void {
  const { tf } = engine;
  const split = (values: readonly number[], sizes: readonly number[]) => {
    let start = 0;
    const parts = sizes.map((size, index) => {
      const part = values.slice(start, start + size);
      start += size;
      // Updates must not mind the shape.
      return [`p${index}`, tf.tensor(part, size % 2 === 0 ? [2, size / 2] : [size], 'float32')];
    });
    return Object.fromEntries(parts) as Record<string, Tensor>;
  };
  const valuesOf = (variables: ReturnType<Engine['variables']>) =>
    Object.values(variables.read()).flatMap(value => [...value.dataSync()]);

  function start(trajectory: Trajectory, values: readonly number[], changes: object = {}) {
    const { tensor_sizes: sizes, lrs, grads } = trajectory;
    const parameters = engine.variables(split(values, sizes));
    const optimizer = createOptimizer({ ...componentOf(trajectory), ...changes }, engine, parameters);
    const learningRates = lrs.flatMap(([value, count]) => Array<number>(count).fill(value));
    const step = (index: number) => {
      const gradients = split(grads[index]!, sizes);
      optimizer.step(gradients, learningRates[index]!);
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

      it.each([null, { steps: 3, alpha: 0.5 }])(
        `${trajectory.name}: a resumed one has the same bits (lookahead %j)`,
        lookahead => {
          const whole = start(trajectory, golden.init, { lookahead });
          for (let index = 0; index < 8; index++) whole.step(index);
          const saved = Object.entries(whole.optimizer.state()).map(([name, value]) => [
            name,
            value.arraySync(),
          ]);
          const resumed = start(trajectory, valuesOf(whole.parameters), { lookahead });
          resumed.optimizer.load(
            Object.fromEntries(saved.map(([name, value]) => [name, tf.tensor(value as number[])])),
            8,
          );
          for (let index = 8; index < 16; index++) {
            whole.step(index);
            resumed.step(index);
          }
          expect(valuesOf(resumed.parameters)).toEqual(valuesOf(whole.parameters));
        },
      );
    }

    it.each(Object.keys(optimizers) as OptimizerName[])(
      '%s: a learning rate of 0 moves nothing, and the steps after it are as ever',
      name => {
        const settings = complete({
          ...{ name, learningRate: 0.01, weightDecay: 0.1 },
          ...(name === 'sgd' && { momentum: 0.9 }),
        });
        const weights = () => ({
          'first.weight': tf.tensor2d([[1, -2]]),
          'hidden.weight': tf.tensor2d([[3, 4]]),
          'last.weight': tf.tensor2d([[-5, 6]]),
        });
        const valuesAfter = (rates: number[]) => {
          const parameters = engine.variables(weights());
          const optimizer = createOptimizer(settings, engine, parameters);
          const gradients = weights();
          for (const rate of rates) optimizer.step(gradients, rate);
          const values = valuesOf(parameters);
          tf.dispose(gradients);
          optimizer.dispose();
          parameters.dispose();
          return values;
        };
        expect(valuesAfter([0])).toEqual([1, -2, 3, 4, -5, 6]);
        const moved = valuesAfter([0.01]);
        expect(valuesAfter([0.01, 0, 0])).toEqual(moved);
        expect(valuesAfter([0.01, 0, 0.01]).every(Number.isFinite)).toBe(true);
        // As small as float32 has them, and smaller: a polynomial schedule's last steps.
        for (const tiny of [1e-20, 1e-38, 1e-42, 1e-60]) expectClose(valuesAfter([0.01, tiny]), moved, 1e-6);
      },
    );

    it.each([
      [{ name: 'lion', betas: [1e-3, 0.99], weightDecay: 0.1 }, 0.1],
      [{ name: 'lion', betas: [1e-12, 1e-12], weightDecay: 0 }, 0.1],
      [{ name: 'adam', betas: [0, 0], weightDecay: 0.1 }, 0.1],
      [{ name: 'rmsprop', alpha: 0, momentum: 0.5, weightDecay: 0 }, 0.1],
    ])('%j: as the formula says at the ends of its ranges', (settings, learningRate) => {
      const parameters = engine.variables({ p: tf.tensor1d([2]) });
      const optimizer = createOptimizer(complete(settings), engine, parameters);
      for (const gradient of [1, -3]) {
        const gradients = { p: tf.tensor1d([gradient]) };
        optimizer.step(gradients, learningRate);
        tf.dispose(gradients);
      }
      expectClose(valuesOf(parameters), [atTheEnds(settings, learningRate)], 1e-5);
      optimizer.dispose();
      parameters.dispose();
    });

    it('lookahead: every second step goes half of the way', () => {
      const parameters = engine.variables({ p: tf.tensor1d([1]) });
      const settings = { name: 'sgd', momentum: 0, weightDecay: 0, lookahead: { steps: 2, alpha: 0.5 } };
      const optimizer = createOptimizer(settings, engine, parameters);
      const gradients = { p: tf.tensor1d([1]) };
      const values = [1, 2, 3, 4].map(() => {
        optimizer.step(gradients, 0.25);
        return parameters.value('p').dataSync()[0];
      });
      // 1 → 0.5 in two steps: the slow weight stops at 0.75, and goes on from there.
      expect(values).toEqual([0.75, 0.75, 0.5, 0.5]);
      optimizer.dispose();
      parameters.dispose();
    });

    it('refuses the state of another optimizer', () => {
      const sgd = start(golden.cases.find(({ name }) => name === 'sgd_momentum')!, golden.init);
      const adam = start(golden.cases.find(({ name }) => name === 'adam')!, golden.init);
      const state = Object.entries(sgd.optimizer.state()).map(([name, value]) => [name, tf.clone(value)]);
      expect(() => adam.optimizer.load(Object.fromEntries(state), 1)).toThrow('expAvg');
    });

    it('names an unknown optimizer', () => {
      const parameters = engine.variables({ p: tf.tensor1d(golden.init) });
      expect(() => createOptimizer({ name: 'sdg' }, engine, parameters)).toThrow(
        /sgd, adam, .*, muon, got sdg/,
      );
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

/** A parameter of 2 after steps by the gradients 1 and -3, in float64 by the papers' formulas. */
function atTheEnds(settings: Record<string, unknown>, rate: number): number {
  const { name, weightDecay: decay } = settings as { name: string; weightDecay: number };
  let [p, moment, velocity] = [2, 0, 0];
  for (const gradient of [1, -3]) {
    if (name === 'lion') {
      const [beta1, beta2] = settings.betas as [number, number];
      p = p * (1 - rate * decay) - rate * Math.sign(beta1 * moment + (1 - beta1) * gradient);
      moment = beta2 * moment + (1 - beta2) * gradient;
    } else if (name === 'adam') {
      const d = gradient + decay * p;
      p -= (rate * d) / (Math.abs(d) + 1e-8);
    } else {
      velocity = 0.5 * velocity + gradient / (Math.abs(gradient) + 1e-8);
      p -= rate * velocity;
    }
  }
  return p;
}
