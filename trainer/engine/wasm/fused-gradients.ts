import type { GradConfig, NamedAttrMap } from '@tensorflow/tfjs-core';
import type { Tensor, TensorFlow } from '../ops.js';

/** Gradients of our own kernels (kernels/*.ts). */
export function registerFusedGradients(tf: TensorFlow): void {
  const run = (name: string, inputs: Record<string, Tensor>, attributes: NamedAttrMap = {}) =>
    tf.engine().runKernel(name, inputs, attributes) as Tensor;
  const gradients: GradConfig[] = [
    {
      kernelName: 'FusedRelu',
      outputsToSave: [true],
      gradFunc: (dy, [y]) => ({ x: () => run('FusedReluGradient', { y: y!, dy: dy as Tensor }) }),
    },
    {
      kernelName: 'FusedAddRelu',
      outputsToSave: [true],
      gradFunc: (dy, [z]) => {
        const gradient = run('FusedReluGradient', { y: z!, dy: dy as Tensor });
        return { x: () => gradient, y: () => tf.clone(gradient) };
      },
    },
    {
      kernelName: 'FusedSilu',
      inputsToSave: ['x'],
      outputsToSave: [false, true],
      gradFunc: (dy, [x, sigmoid]) => ({
        x: () => run('FusedSiluGradient', { x: x!, sigmoid: sigmoid!, dy: (dy as Tensor[])[0]! }),
      }),
    },
    {
      kernelName: 'FusedHardSwish',
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => run('FusedHardSwishGradient', { x: x!, dy: dy as Tensor }) }),
    },
    {
      kernelName: 'BatchNormTraining',
      inputsToSave: ['x', 'scale', 'offset'],
      outputsToSave: [false, true, true],
      gradFunc: (dy, [x, scale, offset, mean, variance], attributes) => {
        const inputs = {
          x: x!,
          dy: (dy as Tensor[])[0]!,
          scale: scale!,
          offset: offset!,
          mean: mean!,
          variance: variance!,
        };
        const [dx, dScale, dOffset] = tf
          .engine()
          .runKernel('BatchNormTrainingGradient', inputs, attributes) as Tensor[];
        return { x: () => dx!, scale: () => dScale!, offset: () => dOffset! };
      },
    },
    {
      kernelName: 'LayerNorm',
      inputsToSave: ['x', 'scale'],
      outputsToSave: [false, true, true],
      gradFunc: (dy, [x, scale, mean, inverse]) => {
        const inputs = { x: x!, dy: (dy as Tensor[])[0]!, scale: scale!, mean: mean!, inverse: inverse! };
        const [dx, dScale, dOffset] = tf
          .engine()
          .runKernel('LayerNormGradient', inputs) as unknown as Tensor[];
        return { x: () => dx!, scale: () => dScale!, offset: () => dOffset! };
      },
    },
    {
      kernelName: 'Gelu',
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({ x: () => run('GeluGradient', { x: x!, dy: dy as Tensor }) }),
    },
    {
      kernelName: 'WindowMaximum',
      inputsToSave: ['x'],
      outputsToSave: [true],
      gradFunc: (dy, [x, y], attributes) => ({
        x: () => run('WindowMaximumGradient', { x: x!, y: y!, dy: dy as Tensor }, attributes),
      }),
    },
    {
      kernelName: 'PixelMean',
      inputsToSave: ['x'],
      gradFunc: (dy, [x]) => ({
        x: () => run('PixelMeanGradient', { dy: dy as Tensor }, { shape: x!.shape }),
      }),
    },
  ];
  for (const gradient of gradients) if (!tf.getGradient(gradient.kernelName)) tf.registerGradient(gradient);
}
