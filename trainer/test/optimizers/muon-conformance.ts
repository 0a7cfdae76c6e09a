import { describe, expect, it } from 'vitest';
import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';
import { createOptimizer } from '../../optimizers/registry.js';
import { expectClose } from '../engine/expect-close.js';
import { goldenFile } from '../golden-file.js';

interface Trajectory {
  name: string;
  nesterov: boolean;
  adjust: string;
  /** [outputs, inputs] */
  init: number[][];
  grads: number[][][];
  params: number[][][];
}

const golden = goldenFile<Trajectory[]>('muon.json');

/** torch.optim.Muon, computed in float64 in the place of its bfloat16. */
export function muonConformance(engine: Engine): void {
  const { tf } = engine;

  /** The matrix between two others, as a linear weight or as a filter of 1×1; with a bias that AdamW takes. */
  function follow({ nesterov, adjust, init, grads, params }: Trajectory, asFilter: boolean): void {
    const hidden = (rows: number[][]): Tensor =>
      tf.tidy(() => {
        const matrix = tf.tensor2d(rows);
        const [outputs, inputs] = matrix.shape;
        return asFilter ? tf.reshape(tf.transpose(matrix), [1, 1, inputs, outputs]) : matrix;
      });
    const named = (rows: number[][]) => ({
      'stem.weight': tf.ones([2, 2]),
      'hidden.weight': hidden(rows),
      'hidden.bias': tf.ones([2]),
      'head.weight': tf.ones([2, 2]),
    });
    const before = tf.memory().numTensors;
    const parameters = engine.variables(named(init));
    const settings = {
      ...{ learningRate: 0.05, weightDecay: 0.1, momentum: 0.9, nesterov, newtonSchulzSteps: 5 },
      ...{ adjustLearningRate: adjust, adamwLearningRate: 0.01, betas: [0.9, 0.999], epsilon: 1e-8 },
    };
    const optimizer = createOptimizer({ name: 'muon', ...settings }, engine, parameters);
    for (const [index, rows] of grads.entries()) {
      const gradients = named(rows);
      optimizer.step(gradients, 0.05);
      tf.dispose(gradients);
      const value = tf.tidy(() => {
        const current = parameters.value('hidden.weight');
        return [...(asFilter ? tf.transpose(tf.squeeze(current, [0, 1])) : current).dataSync()];
      });
      expectClose(value, params[index]!.flat(), 1e-4);
    }
    // AdamW's steps, of constant gradients, are as long as its own learning rate; biases have no other decay here.
    const bias = parameters.value('hidden.bias').dataSync()[0]!;
    expect(bias).toBeCloseTo(decayedDescent(grads.length, 0.01, 0.1), 4);
    optimizer.dispose();
    parameters.dispose();
    expect(tf.memory().numTensors).toBe(before);
  }

  describe('muon', () => {
    for (const trajectory of golden)
      it.each([false, true])(`${trajectory.name}: follows PyTorch (as a filter: %s)`, asFilter =>
        follow(trajectory, asFilter),
      );

    it('leaves depthwise filters to AdamW', () => {
      const common = {
        ...{ weightDecay: 0, momentum: 0.9, nesterov: true, newtonSchulzSteps: 5 },
        ...{ adjustLearningRate: 'original', betas: [0.9, 0.999], epsilon: 1e-8 },
      };
      const named = () => ({
        'stem.weight': tf.ones([2, 2]),
        'depthwise.weight': tf.fill([3, 3, 4, 1], 0.5),
        'hidden.weight': tf.ones([1, 1, 4, 1]),
        'head.weight': tf.ones([2, 2]),
      });
      const parameters = engine.variables(named());
      const settings = { name: 'muon', learningRate: 0.05, adamwLearningRate: 0.01, ...common };
      const optimizer = createOptimizer(settings, engine, parameters);
      const gradients = named();
      optimizer.step(gradients, 0.05);
      // Adam's first step is as long as its rate, for each value.
      expectClose(parameters.value('depthwise.weight').dataSync(), Array(36).fill(0.49), 1e-5);
      expect(Object.keys(optimizer.state()).filter(key => key.endsWith('.momentum'))).toEqual([
        'hidden.weight.momentum',
      ]);
      tf.dispose(gradients);
      optimizer.dispose();
      parameters.dispose();
    });
  });
}

/** 1 after AdamW's steps of this length. */
function decayedDescent(steps: number, learningRate: number, weightDecay: number): number {
  let value = 1;
  for (let step = 0; step < steps; step++) value = value * (1 - learningRate * weightDecay) - learningRate;
  return value;
}
