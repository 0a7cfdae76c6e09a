import { describe, expect, it } from 'vitest';
import { parameterGroups } from '../../optimizers/groups.js';
import { layerDepths } from '../../optimizers/layer-depth.js';

const depthsOf = (...names: string[]) => [...layerDepths(names).values()];

describe('layer depths', () => {
  it.each([
    [
      'a ResNet',
      [
        'conv1.weight',
        'bn1.bias',
        'layer1.0.conv1.weight',
        'layer1.0.bn1.bias',
        'layer1.1.conv1.weight',
        'fc.weight',
        'fc.bias',
      ],
      [0, 0, 1, 1, 2, 3, 3],
    ],
    [
      'a ViT',
      [
        'class_token',
        'conv_proj.weight',
        'encoder.layers.encoder_layer_0.ln_1.weight',
        'encoder.layers.encoder_layer_0.mlp.0.weight',
        'encoder.layers.encoder_layer_1.ln_1.weight',
        'encoder.ln.weight',
        'heads.head.weight',
      ],
      [0, 0, 1, 1, 2, 3, 3],
    ],
    [
      'a DenseNet',
      [
        'features.conv0.weight',
        'features.denseblock1.denselayer1.norm1.weight',
        'features.denseblock1.denselayer2.norm1.weight',
        'features.transition1.conv.weight',
        'classifier.weight',
      ],
      [0, 1, 2, 3, 4],
    ],
    [
      'a head with hidden layers',
      ['conv1.weight', 'layer1.0.conv1.weight', 'fc.1.weight', 'fc.4.weight'],
      [0, 1, 2, 2],
    ],
  ])('of %s', (_, names, depths) => expect(depthsOf(...names)).toEqual(depths));
});

describe('parameter groups', () => {
  const shapes = new Map([
    ['conv1.weight', [3, 3, 3, 4]],
    ['encoder.pos_embedding', [1, 5, 4]],
    ['layer1.0.bn1.weight', [4]],
    ['fc.weight', [2, 4]],
    ['fc.bias', [2]],
  ]);
  const groups = (settings: object) => parameterGroups(shapes, { weightDecay: 0.1, ...settings });

  it('decay everything unless told otherwise, at one learning rate', () => {
    for (const group of groups({})) expect(group).toMatchObject({ weightDecay: 0.1, learningRateScale: 1 });
  });

  it('spare biases, norms and embeddings', () =>
    expect(groups({ noDecay: true }).map(({ weightDecay }) => weightDecay)).toEqual([0.1, 0, 0, 0.1, 0]));

  it('learn more slowly the farther they are from the head', () =>
    expect(groups({ layerDecay: 0.5 }).map(({ learningRateScale }) => learningRateScale)).toEqual([
      0.25, 0.25, 0.5, 1, 1,
    ]));
});
