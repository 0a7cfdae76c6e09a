import type { Engine } from '../../engine/engine.js';
import type { Tensor } from '../../engine/ops.js';
import { tensor } from './engine-tensors.js';

/** A small residual network with all operations, trained by SGD with momentum on random images. */
export function trainingSteps(engine: Engine) {
  const { tf, ops } = engine;
  const shapes: Record<string, number[]> = {
    stem: [7, 7, 3, 12],
    first: [3, 3, 12, 12],
    second: [3, 3, 12, 20],
    shortcut: [1, 1, 12, 20],
    scale: [12],
    offset: [12],
    weight: [10, 20],
    bias: [10],
  };
  const make = (create: (shape: number[], index: number) => Tensor) =>
    engine.variables(
      Object.fromEntries(Object.entries(shapes).map(([name, shape], index) => [name, create(shape, index)])),
    );
  const parameters = make((shape, index) => tf.tidy(() => tf.mul(tensor(engine, shape, index + 1), 0.2)));
  const buffers = make(shape => tf.zeros(shape));
  const running = engine.variables({ mean: tf.zeros([12]), variance: tf.ones([12]) });
  const names = Object.keys(shapes);

  function forward(x: Tensor, p: Record<string, Tensor>, updates: [Tensor, Tensor][]): Tensor {
    const { mean, variance } = running.read();
    const tensors = { scale: p.scale!, offset: p.offset!, runningMean: mean!, runningVariance: variance! };
    const stem = ops.conv2d(x, p.stem!, { stride: 2, padding: 3 });
    const normal = ops.batchNorm(stem, tensors, {
      training: true,
      relu: true,
      onRunning: (newMean, newVariance) => updates.push([newMean, newVariance]),
    });
    const pooled = ops.maxPool(normal, { size: 3, stride: 2, padding: 1 });
    const first = ops.relu(ops.conv2d(pooled, p.first!, { stride: 1, padding: 1 }));
    const second = ops.conv2d(first, p.second!, { stride: 2, padding: 1 });
    const block = ops.addRelu(second, ops.conv2d(pooled, p.shortcut!, { stride: 2, padding: 0 }));
    return ops.linear(ops.globalAveragePool(block), p.weight!, p.bias!);
  }

  let count = 0;
  /** Returns the loss before the step. */
  function step(): number {
    const updates: [Tensor, Tensor][] = [];
    const loss = tf.tidy(() => {
      const values = parameters.read();
      const images = tensor(engine, [6, 20, 20, 3], 100 + count);
      const targets = tf.softmax(tensor(engine, [6, 10], 5));
      const { value, grads } = tf.engine().gradients(
        () => tf.mean(ops.softmaxCrossEntropy(forward(images, values, updates), targets)),
        names.map(name => values[name]!),
      );
      const gradients = Object.fromEntries(names.map((name, index) => [name, grads[index]!]));
      const nesterov = { factor: 0.9, keep: 1, look: 1, ahead: 0.9 };
      const scalars = { learningRate: 0.05, penalty: 1e-3, ...nesterov };
      const target = { parameters, slots: { momentum: buffers } };
      engine.updates.apply('sgdMomentum', target, gradients, new Map(names.map(name => [name, scalars])));
      return value.dataSync()[0]!;
    });
    for (const [mean, variance] of updates) {
      running.assign('mean', mean);
      running.assign('variance', variance);
    }
    count++;
    return loss;
  }
  return { step, parameters };
}
