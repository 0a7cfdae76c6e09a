/** What every engine must compute: PyTorch's float64 values within the tolerances that come with them. */
import { describe, expect, it } from 'vitest';
import type { Engine } from '../../backend/engine.js';
import type { Tensor } from '../../backend/ops.js';
import { Network, readBack } from '../../training/network.js';
import { targetRows } from '../../training/targets.js';
import { buildModel, golden, goldenImages, goldenWeights, projections } from './golden-model.js';

export function modelSuite(engine: Engine, names: readonly string[]): void {
  describe.each(names)('%s', name => {
    const expected = golden.models[name]!;
    const { tolerance } = expected;
    const gradientTolerance = flipsOf(name) ?? tolerance;

    it('gives the logits, loss, gradients and running statistics of torchvision', async () => {
      const { tf, ops } = engine;
      const model = buildModel(name);
      const network = new Network(model, engine, goldenWeights(model, expected.weight_gain));
      const size = expected.image_size;
      const images = tf.tensor4d(goldenImages(size), [2, size, size, 3]);

      const evaluated = await firstLogits(tf.tidy(() => network.evaluate(images)));
      expectClose(evaluated, expected.eval_logits, tolerance.eval_logits_abs!);

      const rows = targetRows(Int32Array.from(golden.labels), golden.classes, golden.label_smoothing, null);
      const targets = tf.tensor2d(rows, [2, golden.classes]);
      const parameters = network.parameters.names;
      let logits: Tensor | undefined;
      const loss = (...values: Tensor[]) => {
        const tensors = {
          ...network.buffers.read(),
          ...Object.fromEntries(parameters.map((parameter, index) => [parameter, values[index]!])),
        };
        const onRunning = (buffer: string, value: Tensor) => running.push([buffer, value]);
        logits = tf.keep(network.train(images, { tensors, seed: 0, step: 0, onRunning }));
        return tf.mean(ops.softmaxCrossEntropy(logits, targets)) as ReturnType<typeof tf.scalar>;
      };
      const running: [string, Tensor][] = [];
      const current = network.parameters.read();
      const { value, grads } = tf.valueAndGrads(loss)(parameters.map(parameter => current[parameter]!));

      expectClose(await firstLogits(logits!), expected.train_logits, tolerance.train_logits_abs!);
      const relative = Math.abs((await value.data())[0]! / expected.train_loss - 1);
      expect(relative).toBeLessThan(tolerance.train_loss_rel!);

      const gradients = await readBack(Object.fromEntries(parameters.map((p, i) => [p, grads[i]!])));
      const largest = Math.max(...expected.gradients.map(([, norm]) => norm));
      const normErrors: number[] = [];
      const dotErrors: number[] = [];
      for (const [parameter, norm, dot] of expected.gradients) {
        const actual = projections(model, parameter, gradients[parameter]!);
        const slack = 1e-6 * largest;
        const bound = (part: number) => part * norm + slack;
        expect(Math.abs(actual.norm - norm), parameter).toBeLessThan(
          bound(gradientTolerance.gradient_norm_rel!),
        );
        expect(Math.abs(actual.dot - dot), parameter).toBeLessThan(
          bound(gradientTolerance.gradient_dot_over_norm!),
        );
        normErrors.push(Math.abs(actual.norm - norm) / norm);
        dotErrors.push(Math.abs(actual.dot - dot) / norm);
      }
      expect(median(normErrors)).toBeLessThan(gradientTolerance.gradient_norm_rel_median!);
      expect(median(dotErrors)).toBeLessThan(gradientTolerance.gradient_dot_over_norm_median!);

      for (const [buffer, tensor] of running) network.buffers.assign(buffer, tensor);
      const statistics = await readBack(network.buffers.read());
      for (const [buffer, norm] of expected.running) {
        const actual = Math.hypot(...statistics[buffer]!);
        expect(Math.abs(actual / norm - 1), buffer).toBeLessThan(tolerance.running_rel!);
      }
      const after = await firstLogits(tf.tidy(() => network.evaluate(images)));
      expectClose(after, expected.eval_logits_after_train, tolerance.eval_logits_after_train_abs!);
      tf.dispose([images, targets, value, grads]);
      network.dispose();
    });
  });
}

/**
 * A ReLU unit within rounding of 0 may be on here and off there, which is a jump in the gradients of all layers in front of it.
 * Whether one is depends on the order of a kernel's sums, so on the machine: all ReLU networks get the tolerance of the one
 * in whose reference runs units did flip.
 */
function flipsOf(name: string): Record<string, number> | undefined {
  return name.startsWith('resnet') ? golden.models.resnet50!.tolerance : undefined;
}

/** The first 20 logits of both images; disposes the tensor. */
async function firstLogits(logits: Tensor): Promise<number[][]> {
  const values = await logits.data();
  logits.dispose();
  return [0, 1].map(row =>
    Array.from(values.slice(row * golden.classes, row * golden.classes + 20) as Float32Array),
  );
}

function expectClose(actual: number[][], expected: number[][], tolerance: number): void {
  const error = Math.max(
    ...expected.flatMap((row, n) => row.map((value, c) => Math.abs(value - actual[n]![c]!))),
  );
  expect(error).toBeLessThan(tolerance);
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
