import type { Tensor, TensorFlow } from '../engine/ops.js';

/** logits [N, C], labels [N] → number of images whose largest logit is their label's (a scalar); none with a NaN among its logits. */
export function countCorrect(tf: TensorFlow, logits: Tensor, labels: Int32Array): Tensor {
  return tf.tidy(() => {
    const hits = tf.cast(tf.equal(tf.argMax(logits, 1), tf.tensor1d(labels, 'int32')), 'float32');
    // NaN alone differs from itself.
    const numbers = tf.min(tf.cast(tf.equal(logits, logits), 'float32'), 1);
    return tf.sum(tf.mul(hits, numbers));
  });
}

/**
 * logits and one-hot targets [N, C] → number of images with fewer than `top` logits above that of their label (a scalar). A NaN
 * counts as above; where it is the label's own, all do.
 */
export function countInTop(tf: TensorFlow, logits: Tensor, targets: Tensor, top: number): Tensor {
  return tf.tidy(() => {
    // Not a product with the targets: 0 times an infinity is no number.
    const own = tf.sum(tf.where(tf.greater(targets, 0.5), logits, tf.zerosLike(logits)), 1, true);
    const notAbove = tf.sum(tf.cast(tf.lessEqual(logits, own), 'float32'), 1);
    return tf.sum(tf.cast(tf.greater(notAbove, Math.max(0, logits.shape[1]! - top)), 'float32'));
  });
}
