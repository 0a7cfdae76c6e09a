import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { float32, type Kernels } from './kernels.js';

/** Operations that combine images with one value a channel, whose gradients sum over the pixels. */
export function createChannelOps(tf: TensorFlow, kernels: Kernels): Pick<Ops, 'addBias' | 'scaleChannels'> {
  const run = (name: string, ...inputs: Tensor[]) => kernels.run(name, [float32], inputs);

  const addBias = tf.customGrad((...parts) => {
    const [x, bias] = parts as Tensor[];
    return {
      value: run('BiasAdd', x!, bias!),
      gradFunc: (dy: Tensor) => [dy, run('BiasAddGrad', dy)],
    };
  });

  /** [N,H,W,C] → [N,H·W,C], [N,C] → [N,1,C]: broadcasting is fast with few axes. */
  const pixels = (x: Tensor) => tf.reshape(x, [x.shape[0]!, -1, x.shape.at(-1)!]);
  const scaleChannels = tf.customGrad((...parts) => {
    const [x, scale] = parts as Tensor[];
    (parts[2] as (saved: Tensor[]) => void)([x!, scale!]);
    return {
      value: tf.reshape(run('Mul', pixels(x!), pixels(scale!)), x!.shape),
      gradFunc(dy: Tensor, saved: Tensor[]) {
        const [savedX, savedScale] = saved.map(pixels) as [Tensor, Tensor];
        const gradient = pixels(dy);
        return [
          tf.reshape(run('Mul', gradient, savedScale), dy.shape),
          tf.sum(run('Mul', gradient, savedX), 1),
        ];
      },
    };
  });

  return {
    addBias: (x, bias) => addBias(x, bias),
    scaleChannels: (x, scale) => scaleChannels(x, scale),
  };
}
