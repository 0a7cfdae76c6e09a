/** What vision transformers share: embedding of patches, attention and MLP of a block. */
import type { AttentionOptions, Tensor } from '../engine/ops.js';
import { dropout, dropoutFactors } from './dropout.js';
import type { Initializer } from './initializers.js';
import { linear, sequential, stateless, tensorOf } from './layers.js';
import type { ForwardContext, Layer, StateEntry } from './model.js';

/** Parameters of contract/params/transformers.ts that all transformers have. */
export interface TransformerParameters {
  patchSize: number;
  dropout: number;
  attentionDropout: number;
  stochasticDepth: number;
  headDropout: number;
  hiddenLayers: readonly number[];
}

/** Conv2d with kernel and stride `patch`, and a bias: images [N,H,W,input] → tokens [N, H/patch · W/patch, output]. */
export function patchEmbedding(
  name: string,
  options: { input: number; output: number; patch: number; weight: Initializer; bias: Initializer },
): Layer {
  const { input, output, patch } = options;
  const filter: StateEntry = {
    name: `${name}.weight`,
    role: 'parameter',
    shape: [patch, patch, input, output],
    layout: 'HWIO',
    initialize: options.weight,
  };
  const bias: StateEntry = {
    name: `${name}.bias`,
    role: 'parameter',
    shape: [output],
    layout: 'plain',
    initialize: options.bias,
  };
  const values = patch * patch * input;
  return {
    entries: [filter, bias],
    // A patch's pixels one after the other are the channels of a 1×1 convolution: one matrix product.
    forward(images, context) {
      const { tf, ops } = context;
      const [count, height, width] = images.shape as [number, number, number, number];
      const [rows, columns] = [height / patch, width / patch];
      const bands = tf.reshape(images, [count * rows, patch, columns, patch * input]);
      const patches = tf.reshape(tf.transpose(bands, [0, 2, 1, 3]), [count, rows, columns, values]);
      const weight = tf.reshape(tensorOf(context, filter.name), [1, 1, values, output]);
      const tokens = ops.conv2d(patches, weight, { stride: 1, padding: 0 });
      return tf.add(tf.reshape(tokens, [count, rows * columns, output]), tensorOf(context, bias.name));
    },
  };
}

/** Options of the attention within a forward pass. */
export type AttentionOf = (context: ForwardContext) => Omit<AttentionOptions, 'heads' | 'factors'>;

/**
 * Tokens of all heads by their queries, keys and values: qkv [N,P,3·C] → [N,P,C]. `options` says what is attended to;
 * the dropout of the weights is keyed by `name`.
 */
export function multiHeadAttention(
  name: string,
  heads: number,
  attentionDropout: number,
  options: AttentionOf = () => ({}),
): Layer {
  const factors = dropoutFactors(`${name} weights`, attentionDropout);
  return stateless((qkv, context) => {
    const { windows, ...rest } = options(context);
    const [images, tokens] = qkv.shape as [number, number, number];
    const places = windows ? windows.tokens.length / windows.count : tokens;
    const shape = [images * (windows?.count ?? 1), heads, places, places];
    return context.ops.attention(qkv, {
      heads,
      ...rest,
      ...(windows ? { windows } : {}),
      ...(context.training && attentionDropout > 0 ? { factors: factors(shape, context) } : {}),
    });
  });
}

const gelu = stateless((x, { ops }) => ops.gelu(x));

/** Linear, GELU, dropout, linear, dropout, named by torchvision's places in a Sequential. */
export function mlp(
  name: string,
  options: {
    width: number;
    hidden: number;
    dropout: number;
    initialize(input: number, output: number): { weight: Initializer; bias: Initializer };
  },
): Layer {
  const { width, hidden } = options;
  return sequential([
    linear(`${name}.0`, width, hidden, options.initialize(width, hidden)),
    gelu,
    dropout(`${name}.0`, options.dropout),
    linear(`${name}.3`, hidden, width, options.initialize(hidden, width)),
    dropout(`${name}.3`, options.dropout),
  ]);
}

/** x + branch(x). */
export function residual(branch: Layer): Layer {
  return {
    entries: branch.entries,
    forward: (x, context) => context.tf.add(x, branch.forward(x, context)),
  };
}

/** Mean over the tokens: [N,P,C] → [N,C]. */
export const meanOfTokens = stateless((x, { tf, ops }) => {
  const [images, tokens, channels] = x.shape as [number, number, number];
  return ops.globalAveragePool(tf.reshape(x, [images, 1, tokens, channels]));
});

/** The first of the tokens: [N,P,C] → [N,1,C]. */
export const firstToken = (x: Tensor, { tf }: ForwardContext): Tensor =>
  tf.slice(x, [0, 0, 0], [x.shape[0]!, 1, x.shape[2]!]);
