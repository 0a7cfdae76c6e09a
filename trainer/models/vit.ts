/** torchvision's vision transformers (Dosovitskiy et al. 2020, https://arxiv.org/abs/2010.11929). */
import { dropout } from './dropout.js';
import { classifier } from './head.js';
import { constant, normal, truncatedNormal, uniform, xavierUniform } from './initializers.js';
import { layerNorm, linear, sequential, stateless, tensorOf } from './layers.js';
import type { Layer, Model, ModelInput, StateEntry } from './model.js';
import { stochasticDepth, stochasticDepthRate } from './stochastic-depth.js';
import {
  firstToken,
  mlp,
  multiHeadAttention,
  patchEmbedding,
  residual,
  type TransformerParameters,
} from './transformer-parts.js';

export interface VitParameters extends TransformerParameters {
  layers: number;
  heads: number;
  hiddenDim: number;
  mlpDim: number;
}

const epsilon = 1e-6;

/** Patches [N,P,C] → [N,1+P,C]: the class token before them, and the positions added. */
function classTokenAndPositions(tokens: number, width: number): Layer {
  const entry = (name: string, shape: number[], initialize: StateEntry['initialize']): StateEntry => ({
    name,
    role: 'parameter',
    shape,
    layout: 'plain',
    initialize,
  });
  return {
    entries: [
      entry('class_token', [1, 1, width], constant(0)),
      entry('encoder.pos_embedding', [1, tokens + 1, width], normal(0.02)),
    ],
    forward(patches, context) {
      const { tf } = context;
      const classToken = tensorOf(context, 'class_token');
      const classTokens = tf.add(tf.zeros([patches.shape[0]!, 1, width]), classToken);
      return tf.add(tf.concat([classTokens, patches], 1), tensorOf(context, 'encoder.pos_embedding'));
    },
  };
}

/** Layers of nn.MultiheadAttention, with its names and initial values. */
function selfAttention(name: string, { hiddenDim, heads, attentionDropout }: VitParameters) {
  const projection = linear(`${name}.in_proj`, hiddenDim, 3 * hiddenDim, {
    weight: xavierUniform(hiddenDim, 3 * hiddenDim),
    bias: constant(0),
    separator: '_',
  });
  return {
    attend: sequential([projection, multiHeadAttention(name, heads, attentionDropout)]),
    project: linear(`${name}.out_proj`, hiddenDim, hiddenDim, {
      weight: uniform(1 / Math.sqrt(hiddenDim)),
      bias: constant(0),
    }),
  };
}

/**
 * One block: tokens [N,P,C] → the same shape; [N,1,C], the class token's row, of the last one, since nothing else of it
 * reaches the logits.
 */
function encoderBlock(index: number, parameters: VitParameters): Layer {
  const { hiddenDim, layers } = parameters;
  const name = `encoder.layers.encoder_layer_${index}`;
  const rate = stochasticDepthRate(parameters.stochasticDepth, index, layers);
  const ending = (part: string) => [
    dropout(`${name}.${part}`, parameters.dropout),
    stochasticDepth(`${name}.${part}`, rate),
  ];
  const norm = layerNorm(`${name}.ln_1`, hiddenDim, epsilon);
  const { attend, project } = selfAttention(`${name}.self_attention`, parameters);
  const mixed = sequential([norm, attend]);
  const projected = sequential([project, ...ending('self_attention')]);
  const block = residual(
    sequential([
      layerNorm(`${name}.ln_2`, hiddenDim, epsilon),
      mlp(`${name}.mlp`, {
        width: hiddenDim,
        hidden: parameters.mlpDim,
        dropout: parameters.dropout,
        initialize: (input, output) => ({ weight: xavierUniform(input, output), bias: normal(1e-6) }),
      }),
      stochasticDepth(`${name}.mlp`, rate),
    ]),
  );
  const rows: Layer['forward'] = index === layers - 1 ? firstToken : x => x;
  return {
    entries: [...mixed.entries, ...projected.entries, ...block.entries],
    forward(x, context) {
      const attended = rows(mixed.forward(x, context), context);
      const sum = context.tf.add(rows(x, context), projected.forward(attended, context));
      return block.forward(sum, context);
    },
  };
}

export function vit(parameters: VitParameters, { channels, classes, imageSize }: ModelInput): Model {
  const { patchSize, layers, hiddenDim } = parameters;
  const values = patchSize * patchSize * channels;
  const embedding = patchEmbedding('conv_proj', {
    ...{ input: channels, output: hiddenDim, patch: patchSize },
    weight: truncatedNormal(Math.sqrt(1 / values)),
    bias: constant(0),
  });
  const positions = classTokenAndPositions((imageSize / patchSize) ** 2, hiddenDim);
  const blocks = Array.from({ length: layers }, (_, index) => encoderBlock(index, parameters));
  const model = sequential([
    embedding,
    positions,
    dropout('encoder', parameters.dropout),
    ...blocks,
    layerNorm('encoder.ln', hiddenDim, epsilon),
    stateless((x, { tf }) => tf.reshape(x, [x.shape[0]!, hiddenDim])),
    classifier('heads.head', {
      ...{ input: hiddenDim, classes, hiddenLayers: parameters.hiddenLayers },
      dropout: parameters.headDropout,
      initialize: (_, isLast) => (isLast ? { weight: constant(0), bias: constant(0) } : {}),
    }),
  ]);
  // torchvision declares the class token before the embedding of the patches.
  const isClassToken = (entry: StateEntry) => entry.name === 'class_token';
  const entries = [...model.entries].sort((a, b) => Number(isClassToken(b)) - Number(isClassToken(a)));
  return { ...model, entries };
}
