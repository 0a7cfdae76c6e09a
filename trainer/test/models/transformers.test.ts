import { describe, expect, it } from 'vitest';
import { fromStateDict, toStateDict } from '../../checkpoints/state-dict.js';
import { modelProblem } from '../../contract/params.js';
import { initialState } from '../../models/initialize.js';
import { parameterGroups } from '../../optimizers/groups.js';
import { buildModel } from './golden-model.js';

const deviation = (values: Float32Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
};
const largest = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe("torchvision's initial values", () => {
  const block = 'encoder.layers.encoder_layer_1';
  it('of a ViT', () => {
    const values = initialState(buildModel('vit_small_40'), 3);
    expect(deviation(values['conv_proj.weight']!) * Math.sqrt(48)).toBeCloseTo(1, 1);
    expect(deviation(values['encoder.pos_embedding']!)).toBeCloseTo(0.02, 3);
    const bound = Math.sqrt(6 / (192 + 3 * 192));
    expect(largest(values[`${block}.self_attention.in_proj_weight`]!) / bound).toBeCloseTo(1, 2);
    expect(largest(values[`${block}.self_attention.out_proj.weight`]!) * Math.sqrt(192)).toBeCloseTo(1, 2);
    expect(largest(values[`${block}.mlp.0.weight`]!) / Math.sqrt(6 / (192 + 384))).toBeCloseTo(1, 2);
    expect(deviation(values[`${block}.mlp.0.bias`]!) / 1e-6).toBeCloseTo(1, 0);
    const zeros = [
      'class_token',
      'conv_proj.bias',
      `${block}.self_attention.in_proj_bias`,
      'heads.head.weight',
    ];
    for (const name of zeros) expect(largest(values[name]!), name).toBe(0);
  });

  it('of a Swin', () => {
    const values = initialState(buildModel('swin_small_40'), 3);
    expect(largest(values['features.0.0.weight']!) * Math.sqrt(12)).toBeCloseTo(1, 1);
    for (const name of ['attn.qkv.weight', 'attn.relative_position_bias_table', 'mlp.3.weight'])
      expect(deviation(values[`features.3.1.${name}`]!), name).toBeCloseTo(0.02, 2);
    for (const name of ['features.3.1.attn.qkv.bias', 'features.3.1.mlp.0.bias', 'head.bias'])
      expect(largest(values[name]!), name).toBe(0);
    expect(deviation(values['head.weight']!)).toBeCloseTo(0.02, 3);
  });
});

it("a ViT's hidden layer as wide as there are classes is no layer of logits: it begins with values", () => {
  const classes = buildModel('vit_small_40').entries.at(-1)!.shape[0]!;
  const values = initialState(buildModel('vit_small_40', { hiddenLayers: [classes] }), 3);
  expect(values['heads.head.4.weight']!).toHaveLength(classes * classes);
  expect(largest(values['heads.head.1.weight']!)).toBeGreaterThan(0);
  expect(largest(values['heads.head.4.weight']!)).toBe(0);
});

it('hidden layers of the head are named like a Sequential', () => {
  const names = (golden: string) =>
    buildModel(golden, { hiddenLayers: [5], headDropout: 0.2 })
      .entries.map(({ name }) => name)
      .filter(name => name.startsWith('head'));
  expect(names('vit_small_40')).toEqual(
    [1, 4].flatMap(n => [`heads.head.${n}.weight`, `heads.head.${n}.bias`]),
  );
  expect(names('swin_small_40')).toEqual([1, 4].flatMap(n => [`head.${n}.weight`, `head.${n}.bias`]));
});

it("a file with another window's table is refused", () => {
  const { entries } = buildModel('swin_small_40');
  const stateDict = toStateDict(entries, initialState({ entries } as never, 0), 1, {});
  const name = 'features.1.0.attn.relative_position_index';
  const stored = stateDict.tensors.get(name)!;
  const bytes = Uint8Array.from(stored.bytes);
  bytes[8]! += 1;
  const tensors = new Map(stateDict.tensors).set(name, { ...stored, bytes });
  expect(() => fromStateDict(entries, stateDict, 'file')).not.toThrow();
  expect(() => fromStateDict(entries, { ...stateDict, tensors }, 'file')).toThrow(
    `file: ${name} is another table than the model's`,
  );
});

describe('groups of parameters', () => {
  const groupsOf = (golden: string) => {
    const shapes = buildModel(golden)
      .entries.filter(({ role }) => role === 'parameter')
      .map(({ name, shape }) => [name, shape] as const);
    const settings = { weightDecay: 1, noDecay: true, layerDecay: 0.5 };
    return new Map(parameterGroups(new Map(shapes), settings).map(group => [group.name, group]));
  };

  it('of a ViT: no decay of tokens and positions, a layer a block', () => {
    const groups = groupsOf('vit_small_40');
    const undecayed = [...groups.values()].filter(({ weightDecay }) => weightDecay === 0);
    expect(undecayed.map(({ name }) => name).filter(name => !/(bias|ln(_\d)?\.weight)$/.test(name))).toEqual([
      'class_token',
      'encoder.pos_embedding',
    ]);
    const scaleOf = (name: string) => groups.get(name)!.learningRateScale;
    expect(scaleOf('heads.head.weight')).toBe(1);
    expect(scaleOf('encoder.ln.weight')).toBe(1);
    expect(scaleOf('encoder.layers.encoder_layer_5.mlp.0.weight')).toBe(0.5);
    expect(scaleOf('encoder.layers.encoder_layer_0.self_attention.in_proj_weight')).toBe(0.5 ** 6);
    for (const name of ['class_token', 'conv_proj.weight', 'encoder.pos_embedding'])
      expect(scaleOf(name), name).toBe(0.5 ** 7);
  });

  it('of a Swin: no decay of bias tables, a layer a block and a merging', () => {
    const groups = groupsOf('swin_small_40');
    expect(groups.get('features.1.0.attn.relative_position_bias_table')!.weightDecay).toBe(0);
    expect(groups.get('features.2.reduction.weight')!.weightDecay).toBe(1);
    const scales = [
      'head',
      'norm',
      'features.5.1.norm1',
      'features.5.0.mlp.0',
      'features.4.norm',
      'features.3.1.mlp.3',
    ];
    expect(scales.map(name => groups.get(`${name}.weight`)!.learningRateScale)).toEqual([
      1,
      1,
      ...[1, 2, 3, 4].map(depth => 0.5 ** depth),
    ]);
    expect(groups.get('features.1.0.attn.qkv.weight')!.learningRateScale).toBe(0.5 ** 8);
    expect(groups.get('features.0.0.weight')!.learningRateScale).toBe(0.5 ** 9);
  });
});

describe('models refuse', () => {
  it.each([
    [
      'vit',
      { patchSize: 16 },
      40,
      /40×40 can't be cut.*16×16: use images of 32×32 or 48×48, or patchSize 8, 10 or 20/,
    ],
    ['vit', { patchSize: 40 }, 28, /use images of 40×40, or patchSize 7, 14 or 28/],
    ['vit', { heads: 5 }, 40, 'heads must divide hiddenDim 192, got 5; 3, 4 or 6 do'],
    ['swin', { heads: [3] }, 40, 'depths and heads must have a value for each stage, got 3 and 1'],
    ['swin', { heads: [3, 6, 7] }, 40, 'heads of stage 3 must divide its width 192, got 7; 4, 6 or 8 do'],
    ['swin', { patchSize: 3 }, 40, /patches of 3×3/],
  ])('%s with %j on images of %i×%i', (name, parameters, size, problem) => {
    const shapes = {
      vit: { patchSize: 4, heads: 4, hiddenDim: 192 },
      swin: { patchSize: 2, heads: [3, 6, 12], depths: [2, 2, 2], embedDim: 48 },
    }[name];
    expect(modelProblem({ name, ...shapes, ...parameters }, size)).toMatch(problem);
    expect(modelProblem({ name, ...shapes }, 40)).toBe(undefined);
  });
});
