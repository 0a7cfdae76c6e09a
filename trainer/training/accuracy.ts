import type { Tensor, TensorFlow } from '../backend/ops.js';

/** logits [N, C], labels [N] → number of images whose largest logit is their label's (a scalar). */
export function countCorrect(tf: TensorFlow, logits: Tensor, labels: Int32Array): Tensor {
  return tf.tidy(() => {
    const hits = tf.equal(tf.argMax(logits, 1), tf.tensor1d(labels, 'int32'));
    return tf.sum(tf.cast(hits, 'float32'));
  });
}
