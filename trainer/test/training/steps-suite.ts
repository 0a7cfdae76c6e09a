import { describe, expect, it } from 'vitest';
import type { Component, TrainSpec } from '../../contract/run-spec.js';
import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';
import { linear } from '../../models/layers.js';
import type { Layer } from '../../models/model.js';
import { frozenNames } from '../../training/freeze.js';
import type { Network } from '../../training/network.js';
import { expectClose } from '../engine/expect-close.js';
import { goldenFile } from '../golden-file.js';
import { goldenBatch, joined, normalizedModel, smallModel, smallTraining } from './small-network.js';

type Values = Record<string, number[]>;
const golden = goldenFile<{
  cases: {
    name: string;
    optimizer: Component;
    train: Partial<TrainSpec>;
    losses: number[];
    weights: Values;
    average?: Values;
  }[];
}>('training.json');

const tolerance = 1e-5;
const settings = { batchSize: 5, labelSmoothing: 0.1 };
/** Two epochs, whose last batches are smaller. */
const epochs = [0, 3].map(first => [5, 5, 3].map((size, index) => goldenBatch(first + index, size)));

/** Training steps of all kinds, on any engine. */
export function stepsSuite(engine: Engine): void {
  const { tf } = engine;

  function expectWeights(network: Network, expected: Values): void {
    const tensors = network.tensors();
    expect(Object.keys(tensors).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, values] of Object.entries(expected))
      expectClose(tensors[name]!.dataSync(), values, tolerance);
  }

  const valuesOf = (network: Network) =>
    Object.values(network.tensors()).flatMap(tensor => [...tensor.dataSync()]);

  describe('training steps', () => {
    it.each(golden.cases)('$name: as in PyTorch, and without a leak', ({ optimizer, train, ...expected }) => {
      const before = tf.memory().numTensors;
      const changes = { optimizer, train: { ...settings, ...train } };
      const training = smallTraining(engine, normalizedModel, changes);
      expectClose(epochs.flatMap(training.epoch), expected.losses, tolerance);
      expectWeights(training.network, expected.weights);
      if (expected.average) expectWeights(training.average!.network, expected.average);
      training.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });

    it('of several batches are those of one large batch, the last one of an epoch included', () => {
      const optimizer = { name: 'sgd', momentum: 0.9, learningRate: 0.1 };
      const options = { optimizer, train: { labelSmoothing: 0.1, gradientClipNorm: 0.5 } };
      const train = (batchSize: number, accumulate: number) => {
        const changes = { ...options, train: { ...options.train, batchSize, accumulate } };
        return smallTraining(engine, smallModel([]), changes);
      };
      const [small, large] = [train(4, 3), train(12, 1)];
      const batches = [4, 4, 4, 4, 3].map((size, index) => goldenBatch(index, size));
      for (const _ of [1, 2]) {
        small.epoch(batches);
        large.epoch([joined(batches.slice(0, 3)), joined(batches.slice(3))]);
      }
      expectClose(valuesOf(small.network), valuesOf(large.network), 1e-6);
      for (const training of [small, large]) training.dispose();
    });

    it('need no more tensors and no more memory after 1,000 of them', { timeout: 240_000 }, () => {
      const model = smallModel([linear('hidden', 256, 256)], 256);
      const training = smallTraining(engine, model, {
        optimizer: { lookahead: { steps: 5, alpha: 0.5 }, noDecay: true },
        train: {
          ...{ batchSize: 4, accumulate: 2, gradientClipNorm: 1, gradientClipValue: 1 },
          ema: { decay: 0.99, updateEvery: 1, warmup: true },
        },
      });
      const batches = Array.from({ length: 100 }, (_, index) => goldenBatch(index, 4));
      const tensors: number[] = [];
      const megabytes: number[] = [];
      for (let steps = 50; steps <= 1000; steps += 50) {
        training.epoch(batches);
        tensors.push(tf.memory().numTensors);
        megabytes.push(process.memoryUsage.rss() / 2 ** 20);
      }
      training.dispose();
      expect(new Set(tensors).size).toBe(1);
      // The weights have 0.27 MB: a copy of them that were left behind by each step would be 162 MB.
      const least = (samples: number[]) => Math.min(...samples);
      expect(least(megabytes.slice(-5)) - least(megabytes.slice(3, 8))).toBeLessThan(50);
    });

    it('go through no layer that is frozen with all before it', () => {
      const backward: string[] = [];
      /** The identity, which tells when it is differentiated. */
      const probe = (name: string): Layer => ({
        entries: [],
        forward: x =>
          tf.customGrad((...parts) => ({
            value: tf.clone(parts[0] as Tensor),
            gradFunc: (dy: Tensor) => {
              backward.push(name);
              return tf.clone(dy);
            },
          }))(x),
      });
      const model = smallModel([probe('after fc1')]);
      const run = (freeze: string[]) => {
        const training = smallTraining(engine, model, { train: { freeze } });
        training.epoch(epochs[0]!.slice(0, 1));
        training.dispose();
        return backward.splice(0);
      };
      expect(run([])).toEqual(['after fc1']);
      expect(run(['fc2.*'])).toEqual(['after fc1']);
      expect(run(['fc1.*'])).toEqual([]);
    });
  });

  describe('frozen names', () => {
    const { entries } = normalizedModel;

    it('are those that a pattern matches as a whole', () => {
      expect([...frozenNames(entries, ['bn.running_*', '*.bias'])]).toEqual([
        'bn.running_mean',
        'bn.running_var',
        'fc1.bias',
        'bn.bias',
        'fc2.bias',
        'bn.num_batches_tracked',
      ]);
      expect(() => frozenNames(entries, ['fc1.weigh', '*'])).toThrow(
        'nothing in the model matches fc1.weigh',
      );
      expect(() => frozenNames(entries, ['fc.*', '*'])).toThrow('nothing in the model matches fc.*');
    });

    it('leave something to train', () =>
      expect(() => frozenNames(entries, ['*'])).toThrow('no parameter is left to train'));
  });
}
