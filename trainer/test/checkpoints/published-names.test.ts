import { describe, expect, it } from 'vitest';
import { fileShape } from '../../checkpoints/layout.js';
import { matchWeights } from '../../checkpoints/match-weights.js';
import { type ModelName, models } from '../../contract/params.js';
import { createModel } from '../../models/registry.js';
import { runSpec } from '../training/run-spec.js';

const sizes: Partial<Record<ModelName, number>> = { swinTiny: 64, swin: 40 };

const entriesOf = (name: ModelName) =>
  createModel(runSpec({ model: { name, width: models[name].width?.default } }).model, {
    channels: 3,
    classes: 5,
    imageSize: sizes[name] ?? 64,
  }).entries;

/** The header of a file that holds the model under names made of its own. */
function fileOf(name: ModelName, rename: (name: string) => string) {
  const tensors = entriesOf(name).map(({ name, role, shape, layout }) => {
    const type = role === 'parameter' || role === 'buffer' ? ('F32' as const) : ('I64' as const);
    return [rename(name), { type, shape: fileShape(shape, layout) }] as const;
  });
  return { metadata: {}, tensors: new Map(tensors) };
}

const wrappers = [
  'model.',
  'backbone.',
  'module.',
  '_orig_mod.',
  'net.',
  'encoder.',
  'model.backbone.',
  'module._orig_mod.model.encoder.',
  'state_dict.net.0.',
];

describe.each(Object.keys(models) as ModelName[])('%s', name => {
  const entries = entriesOf(name);
  const complete = { skipped: [], resized: [], partial: [], problem: undefined };

  it.each(['', ...wrappers])('is found whole behind "%s"', prefix => {
    const match = matchWeights(
      entries,
      fileOf(name, own => prefix + own),
    );
    expect(match).toMatchObject(complete);
    expect(match.taken).toHaveLength(match.wanted);
    for (const { entry, nameInFile } of match.taken) expect(nameInFile).toBe(prefix + entry.name);
  });

  it('is found whole with a wrapper around its parts', () => {
    const rename = (own: string) =>
      `model.${own.replace('.', '._orig_mod.').replace(/\.(\w+)$/, '._fsdp_wrapped_module.$1')}`;
    expect(matchWeights(entries, fileOf(name, rename))).toMatchObject(complete);
  });

  it('is found beside tensors of something else, which are told', () => {
    const file = fileOf(name, own => `backbone.${own}`);
    file.tensors.set('projector.0.weight', { type: 'F32', shape: [1] });
    expect(matchWeights(entries, file)).toMatchObject({
      ...complete,
      skipped: ['projector.0.weight (the model has none)'],
      remarks: ['its names without "backbone."'],
    });
  });

  it('is not taken from a file that holds it twice', () => {
    const file = fileOf(name, own => `student.${own}`);
    const { tensors } = fileOf(name, own => `teacher.${own}`);
    const both = { metadata: {}, tensors: new Map([...file.tensors, ...tensors]) };
    expect(matchWeights(entries, both).problem).toMatch(
      /holds several models, under "student\.", "teacher\."; save the one that is meant alone/,
    );
  });
});

/** Names as they stand in torchvision's published files. */
describe('published by torchvision', () => {
  it('densenet121-a639ec97.pth', () => {
    const old = (own: string) => own.replace(/(denselayer\d+\.(?:norm|conv))([12])\./, '$1.$2.');
    expect(old('features.denseblock1.denselayer1.norm1.weight')).toBe(
      'features.denseblock1.denselayer1.norm.1.weight',
    );
    for (const prefix of ['', 'module.', 'backbone.']) {
      const match = matchWeights(
        entriesOf('densenet121'),
        fileOf('densenet121', own => prefix + old(own)),
      );
      expect(match.skipped).toEqual([]);
      expect(match.taken).toHaveLength(606);
    }
  });

  it('vit_b_16-c867db91.pth', () => {
    const old = (own: string) =>
      own.replace(/mlp\.0\./, 'mlp.linear_1.').replace(/mlp\.3\./, 'mlp.linear_2.');
    expect(old('encoder.layers.encoder_layer_0.mlp.0.weight')).toContain('mlp.linear_1.weight');
    expect(matchWeights(entriesOf('vitB16'), fileOf('vitB16', old)).skipped).toEqual([]);
  });
});
