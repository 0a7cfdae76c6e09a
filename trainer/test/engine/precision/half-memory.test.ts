import { expect, it } from 'vitest';
import { createTrainStep } from '../../../bench/train-step.js';
import type { Engine } from '../../../engine/engine.js';
import { nativeBackend } from '../../../engine/native/kernels.js';
import { onEngine } from '../../on-engine.js';

process.env.GRID_SLOW_PRECISION = '1';
await onEngine('tensorflow', engine => {
  const model = { name: 'resnet18', width: 16 } as const;
  const small = { batchSize: 8, imageSize: 40, classes: 10 };

  it.each(['bfloat16', 'float16'] as const)('%s frees all that a step makes in TensorFlow', precision => {
    const { step } = createTrainStep(engine.withPrecision(precision), model, small);
    step();
    step();
    const living = countLiving(engine);
    const before = engine.tf.memory().numTensors;
    for (let index = 0; index < 3; index++) step();
    // What the optimizer keeps was replaced, not added to.
    expect(living.stop()).toBe(0);
    expect(engine.tf.memory().numTensors).toBe(before);
  });

  it('bfloat16 needs no more memory the longer it runs', () => {
    const { step } = createTrainStep(engine.withPrecision('bfloat16'), model, small);
    for (let index = 0; index < 15; index++) step();
    const before = process.memoryUsage.rss();
    for (let index = 0; index < 60; index++) step();
    // The weights alone are 2.8 MB in float32, 1.4 MB in half: one copy a step left behind would be 84 MB or more.
    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(60);
  });
});

/** Counts the add-on's tensors from now on: those made less those deleted. */
function countLiving({ tf }: Engine): { stop(): number } {
  const backend = nativeBackend(tf) as { binding: ReturnType<typeof nativeBackend>['binding'] };
  const { binding } = backend;
  let living = 0;
  backend.binding = Object.create(binding, {
    createTensor: {
      value(...args: Parameters<typeof binding.createTensor>) {
        living++;
        return binding.createTensor(...args);
      },
    },
    executeOp: {
      value(...args: Parameters<typeof binding.executeOp>) {
        const outputs = binding.executeOp(...args);
        living += outputs.length;
        return outputs;
      },
    },
    deleteTensor: {
      value(id: number) {
        living--;
        binding.deleteTensor(id);
      },
    },
  });
  return {
    stop() {
      backend.binding = binding;
      return living;
    },
  };
}
