import type { Tensor, TensorFlow } from '../backend/ops.js';

/** logits [N, C], labels [N] → number of images whose largest logit is their label's (a scalar). */
export function countCorrect(tf: TensorFlow, logits: Tensor, labels: Int32Array): Tensor {
  return tf.tidy(() => {
    const hits = tf.equal(tf.argMax(logits, 1), tf.tensor1d(labels, 'int32'));
    return tf.sum(tf.cast(hits, 'float32'));
  });
}

/** logits and one-hot targets [N, C] → number of images with fewer than `top` logits above that of their label (a scalar). */
export function countInTop(tf: TensorFlow, logits: Tensor, targets: Tensor, top: number): Tensor {
  return tf.tidy(() => {
    const own = tf.sum(tf.mul(logits, targets), 1, true);
    const above = tf.sum(tf.cast(tf.greater(logits, own), 'float32'), 1);
    return tf.sum(tf.cast(tf.less(above, top), 'float32'));
  });
}
