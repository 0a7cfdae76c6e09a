import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow } from '../ops.js';
import { float32, type Kernels } from './kernels.js';

/** Cross-entropy of soft targets; TensorFlow's kernel yields the loss and softmax - targets in one pass. */
export function createSoftmaxCrossEntropy(tf: TensorFlow, kernels: Kernels): Ops['softmaxCrossEntropy'] {
  const loss = customGradient(tf, (...parts) => {
    const [logits, targets] = parts as Tensor[];
    const [perSample, logitsGradient] = kernels.runMany(
      'SoftmaxCrossEntropyWithLogits',
      [float32],
      [logits!, targets!],
      2,
    );
    (parts[2] as (saved: Tensor[]) => void)([logitsGradient!, logits!]);
    return {
      value: perSample!,
      gradFunc: (dy: Tensor, saved: Tensor[]) => {
        const perRow = tf.expandDims(dy, -1);
        return [tf.mul(saved[0]!, perRow), tf.neg(tf.mul(tf.logSoftmax(saved[1]!), perRow))];
      },
    };
  });
  return (logits, targets) => loss(logits, targets);
}
