import { customGradient } from '../custom-gradient.js';
import type { Ops, Tensor, TensorFlow, Windows } from '../ops.js';

/** For each token, its place in the windows: the inverse of `tokens`. */
export function placesOf({ tokens }: Pick<Windows, 'tokens'>, count: number): Int32Array {
  const places = new Int32Array(count);
  for (const [place, token] of tokens.entries()) if (token >= 0) places[token] = place;
  return places;
}

/** Attention composed of TensorFlow.js's operations. */
export function createGenericAttention(tf: TensorFlow): Ops['attention'] {
  /** Row `picked[i]` of every image in place i, zeros where that is -1: x [N,P,C] → [N, picked, C]. */
  function pick(x: Tensor, picked: Int32Array): Tensor {
    const [images, rows, columns] = x.shape as [number, number, number];
    const zeros = images * rows;
    const indices = new Int32Array(images * picked.length).map((_, index) => {
      const row = picked[index % picked.length]!;
      return row < 0 ? zeros : Math.floor(index / picked.length) * rows + row;
    });
    const all = tf.concat([tf.reshape(x, [zeros, columns]), tf.zeros([1, columns])]);
    return tf.reshape(tf.gather(all, tf.tensor1d(indices, 'int32')), [images, picked.length, columns]);
  }

  /** The same, where each row is picked once at most; `back` has the place of each, or -1. */
  const permute = (picked: Int32Array, back: Int32Array) =>
    customGradient(tf, (...parts) => ({
      value: pick(parts[0] as Tensor, picked),
      gradFunc: (dy: Tensor) => pick(dy, back),
    }));

  /** [N,P,3·C] → [N·windows, T, 3·C]. */
  function intoWindows(qkv: Tensor, { count, tokens, padding }: Windows, places: Int32Array): Tensor {
    const [images, , columns] = qkv.shape as [number, number, number];
    const picked = permute(tokens, places)(qkv);
    const isPadding = tf.tensor3d(
      Float32Array.from(tokens, token => Number(token < 0)),
      [1, tokens.length, 1],
    );
    const windows = tf.add(picked, tf.mul(isPadding, padding));
    return tf.reshape(windows, [images * count, tokens.length / count, columns]);
  }

  /** qkv [M,T,3·C] → [M,T,C]. */
  function attend(
    qkv: Tensor,
    { heads, bias, factors }: { heads: number; bias?: Tensor | undefined; factors?: Tensor | undefined },
  ): Tensor {
    const [windows, tokens, columns] = qkv.shape as [number, number, number];
    const width = columns / 3 / heads;
    const parts = tf.transpose(tf.reshape(qkv, [windows, tokens, 3, heads, width]), [2, 0, 3, 1, 4]);
    const part = (index: number) =>
      tf.reshape(tf.slice(parts, [index, 0, 0, 0, 0], [1, -1, -1, -1, -1]), [windows, heads, tokens, width]);
    const [q, k, v] = [part(0), part(1), part(2)];
    const scores = tf.matMul(tf.mul(q, width ** -0.5), k, false, true);
    const weights = tf.softmax(bias ? biased(scores, bias) : scores);
    const values = tf.matMul(factors ? tf.mul(weights, factors) : weights, v);
    return tf.reshape(tf.transpose(values, [0, 2, 1, 3]), [windows, tokens, columns / 3]);
  }

  /** Windows of an image after each other get its biases, as do those of the next one. */
  function biased(scores: Tensor, bias: Tensor): Tensor {
    const split = tf.reshape(scores, [-1, ...bias.shape]);
    return tf.reshape(tf.add(split, bias), scores.shape);
  }

  return (qkv, { heads, windows, bias, factors }) => {
    if (!windows) return attend(qkv, { heads, bias, factors });
    const [images, tokens, columns] = qkv.shape as [number, number, number];
    const places = placesOf(windows, tokens);
    const values = attend(intoWindows(qkv, windows, places), { heads, bias, factors });
    const rows = tf.reshape(values, [images, windows.tokens.length, columns / 3]);
    return permute(places, windows.tokens)(rows);
  };
}
