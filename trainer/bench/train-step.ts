import { type ModelName, models } from '../contract/params.js';
import type { Engine, VariableSet } from '../engine/engine.js';
import type { Tensor } from '../engine/ops.js';
import { initialState } from '../models/initialize.js';
import { createModel } from '../models/registry.js';
import { createOptimizer } from '../optimizers/registry.js';

export interface TrainStepOptions {
  batchSize: number;
  imageSize: number;
  classes: number;
}

/**
 * A whole training step of a model, its other parameters by default (SGD with momentum 0.9, weight decay 5e-4) on one fixed
 * batch of bytes, without anything around it. `step` returns the loss, which it reads back.
 */
export function createTrainStep(
  engine: Engine,
  component: { name: ModelName; [parameter: string]: unknown },
  { batchSize, imageSize, classes }: TrainStepOptions,
): { step: () => number; parameters: VariableSet } {
  const { tf, ops } = engine;
  const defaults = Object.entries(models[component.name]).map(([key, schema]) => [key, schema.default]);
  const model = createModel(
    { ...Object.fromEntries(defaults), ...component },
    { channels: 3, classes, imageSize },
  );
  const initial = initialState(model, 0);
  const variables = (role: 'parameter' | 'buffer') =>
    engine.variables(
      Object.fromEntries(
        model.entries
          .filter(entry => entry.role === role)
          .map(({ name, shape }) => [name, tf.tensor(initial[name]!, [...shape], 'float32')]),
      ),
    );
  const parameters = variables('parameter');
  const buffers = variables('buffer');
  const optimizer = createOptimizer(
    { name: 'sgd', momentum: 0.9, dampening: 0, nesterov: false, weightDecay: 5e-4 },
    engine,
    parameters,
  );
  const bytes = new Uint8Array(batchSize * imageSize * imageSize * 3).map((_, index) => (index * 7919) % 251);
  const labels = Int32Array.from({ length: batchSize }, (_, index) => (index * 37) % classes);

  let steps = 0;
  function step(): number {
    const running: [name: string, value: Tensor][] = [];
    const loss = tf.tidy(() => {
      const { names } = parameters;
      const values = parameters.read();
      const statistics = buffers.read();
      const images = tf.div(ops.imagesFromBytes(bytes, [batchSize, imageSize, imageSize, 3]), 255);
      const targets = tf.cast(tf.oneHot(tf.tensor1d(labels, 'int32'), classes), 'float32');
      const lossOf = (...tensors: Tensor[]) => {
        const named = Object.fromEntries(names.map((name, index) => [name, tensors[index]!]));
        const logits = model.forward(images, {
          ...{ tf, ops, training: true, seed: 0, step: steps },
          tensors: { ...statistics, ...named },
          onRunning: (name, value) => running.push([name, value]),
        });
        return tf.mean(ops.softmaxCrossEntropy(logits, targets)) as Tensor;
      };
      const { value, grads } = tf.valueAndGrads(lossOf)(names.map(name => values[name]!));
      optimizer.step(Object.fromEntries(names.map((name, index) => [name, grads[index]!])), 0.01);
      return value;
    });
    steps += 1;
    for (const [name, value] of running) buffers.assign(name, value);
    const [number] = loss.dataSync();
    loss.dispose();
    return number!;
  }
  return { step, parameters };
}
