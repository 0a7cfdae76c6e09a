/** Squeeze and excitation (Hu et al. 2017, https://arxiv.org/abs/1709.01507), torchvision's SqueezeExcitation. */
import type { Tensor } from '../engine/ops.js';
import { convolution } from './layers.js';
import type { ForwardContext, Layer } from './model.js';

export interface SqueezeOptions {
  channels: number;
  squeezed: number;
  activation: 'relu' | 'silu';
  gate: 'sigmoid' | 'hardSigmoid';
}

/** x [N,H,W,C] → x with each channel scaled by a gate that two 1×1 convolutions make of all channels' means. */
export function squeezeExcitation(name: string, options: SqueezeOptions): Layer {
  const { channels, squeezed, activation, gate } = options;
  const pixel = { kernel: 1, stride: 1, bias: true };
  const reduce = convolution(`${name}.fc1`, { input: channels, output: squeezed, ...pixel });
  const expand = convolution(`${name}.fc2`, { input: squeezed, output: channels, ...pixel });
  const gates = (x: Tensor, { tf, ops }: ForwardContext) =>
    gate === 'sigmoid' ? tf.sigmoid(x) : ops.hardSigmoid(x);
  return {
    entries: [...reduce.entries, ...expand.entries],
    forward(x, context) {
      const { tf, ops } = context;
      const means = tf.reshape(ops.globalAveragePool(x), [x.shape[0]!, 1, 1, channels]);
      const hidden = ops[activation](reduce.forward(means, context));
      const scale = gates(expand.forward(hidden, context), context);
      return ops.scaleChannels(x, tf.reshape(scale, [x.shape[0]!, channels]));
    },
  };
}
