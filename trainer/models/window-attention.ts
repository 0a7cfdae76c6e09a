import type { Tensor } from '../engine/ops.js';
import { constant, truncatedNormal } from './initializers.js';
import { linear, tensorOf } from './layers.js';
import type { ForwardContext, Layer, StateEntry } from './model.js';
import { relativePositionIndex, windowLayout } from './shifted-windows.js';
import { multiHeadAttention } from './transformer-parts.js';

/**
 * Attention within windows, with biases for relative positions: tokens [N, size², width] → the same shape.
 *
 * Queries, keys and values are made of the map itself, and the output projection sees it again: what the padding gets
 * there is the bias alone, so nothing is computed for it.
 */
export function windowAttention(
  name: string,
  options: { width: number; heads: number; size: number; shifted: boolean },
  { windowSize, attentionDropout }: { windowSize: number; attentionDropout: number },
): Layer {
  const { width, heads, size, shifted } = options;
  const initialize = { weight: truncatedNormal(0.02), bias: constant(0) };
  const projection = linear(`${name}.qkv`, width, 3 * width, initialize);
  const output = linear(`${name}.proj`, width, width, initialize);
  const table: StateEntry = {
    name: `${name}.relative_position_bias_table`,
    role: 'parameter',
    shape: [(2 * windowSize - 1) ** 2, heads],
    layout: 'plain',
    initialize: truncatedNormal(0.02),
  };
  const places = windowSize ** 2;
  const indices = relativePositionIndex(windowSize);
  const index: StateEntry = {
    name: `${name}.relative_position_index`,
    role: 'table',
    shape: [indices.length],
    layout: 'plain',
    initialize: constant(0),
    table: indices,
  };
  const { count, tokens, mask } = windowLayout(size, windowSize, shifted);

  /** [windows or 1, heads, T, T]: the mask of a shifted window is a bias too. */
  function biasOf(context: ForwardContext): Tensor {
    const { tf } = context;
    const rows = tf.gather(tensorOf(context, table.name), tf.tensor1d(indices, 'int32'));
    const bias = tf.reshape(tf.transpose(rows, [1, 0]), [1, heads, places, places]);
    return mask ? tf.add(bias, tf.tensor(mask, [count, 1, places, places])) : bias;
  }
  const attend = multiHeadAttention(name, heads, attentionDropout, context => ({
    windows: { count, tokens, padding: tensorOf(context, `${name}.qkv.bias`) },
    bias: biasOf(context),
  }));
  return {
    entries: [table, index, ...projection.entries, ...output.entries],
    forward: (x, context) => output.forward(attend.forward(projection.forward(x, context), context), context),
  };
}
