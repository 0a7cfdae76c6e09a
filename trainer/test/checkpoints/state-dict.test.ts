import { describe, expect, it } from 'vitest';
import { fileShape, fromFileLayout, toFileLayout } from '../../checkpoints/layout.js';
import { parse, serialize } from '../../checkpoints/safetensors.js';
import { fromStateDict, toStateDict, weightsHash } from '../../checkpoints/state-dict.js';
import { initialState } from '../../models/initialize.js';
import { parameterCount } from '../../models/model.js';
import { buildModel, golden, stateDictLines } from '../models/golden-model.js';

describe.each(Object.keys(golden.models))('the file of %s', name => {
  it('has the names, order, shapes and types of torchvision', () => {
    const model = buildModel(name);
    const values = Object.fromEntries(
      model.entries.map(({ name: entry, shape }) => [
        entry,
        new Float32Array(shape.reduce((product, side) => product * side, 1)),
      ]),
    );
    const { tensors } = toStateDict(model.entries, values, 7, {});
    const types = { F32: 'float32', I64: 'int64' } as Record<string, string>;
    const lines = [...tensors].map(([entry, { shape, type }]) => `${entry} ${shape.join()} ${types[type]}`);
    expect(lines).toEqual(stateDictLines(name));
    expect(parameterCount(model)).toBe(golden.models[name]!.trainable_parameters);
  });
});

describe('layouts', () => {
  it('a filter [h, w, I, O] is stored as [O, I, h, w]', () => {
    const shape = [1, 2, 2, 3];
    const values = Float32Array.from({ length: 12 }, (_, index) => index);
    const stored = toFileLayout(values, shape, 'HWIO');
    expect([...stored]).toEqual([0, 6, 3, 9, 1, 7, 4, 10, 2, 8, 5, 11]);
    expect(fromFileLayout(stored, shape, 'HWIO')).toEqual(values);
  });

  it('a filter of each channel [h, w, C, 1] is stored as [C, 1, h, w]', () => {
    const shape = [1, 2, 3, 1];
    const values = Float32Array.from({ length: 6 }, (_, index) => index);
    expect(fileShape(shape, 'depthwise')).toEqual([3, 1, 1, 2]);
    const stored = toFileLayout(values, shape, 'depthwise');
    expect([...stored]).toEqual([0, 3, 1, 4, 2, 5]);
    expect(fromFileLayout(stored, shape, 'depthwise')).toEqual(values);
  });
});

describe('a state dict', () => {
  const model = buildModel('resnet20', { width: 4, hiddenLayers: [5], dropout: 0.2 }, 3);
  const values = initialState(model, 1);
  const stateDict = toStateDict(model.entries, values, 3, { epoch: '{}' });

  it('comes back bit for bit', () => {
    const again = parse(Buffer.concat(serialize(stateDict)), 'file');
    expect(again.metadata).toEqual({ format: 'pt', epoch: '{}' });
    expect(fromStateDict(model.entries, again, 'file')).toEqual(values);
    expect(weightsHash(again)).toBe(weightsHash(stateDict));
  });

  it('names hidden layers like a torch Sequential with dropouts', () => {
    const names = [...stateDict.tensors.keys()].filter(name => name.startsWith('fc'));
    expect(names).toEqual(['fc.1.weight', 'fc.1.bias', 'fc.4.weight', 'fc.4.bias']);
    expect(stateDict.tensors.get('fc.1.weight')!.shape).toEqual([5, 16]);
  });

  it('of another model is refused', () => {
    const other = buildModel('resnet20', { width: 4 }, 3);
    expect(() => fromStateDict(other.entries, stateDict, 'file')).toThrow(
      /file: tensors that.*fc\.1\.weight/,
    );
    const wider = buildModel('resnet20', { width: 4, hiddenLayers: [6] }, 3);
    expect(() => fromStateDict(wider.entries, stateDict, 'file')).toThrow(
      'file: fc.1.weight has shape [5,16], the model expects [6,16]',
    );
    const tensors = new Map(stateDict.tensors);
    tensors.delete('bn1.weight');
    expect(() => fromStateDict(model.entries, { ...stateDict, tensors }, 'file')).toThrow(
      'file: no tensor bn1.weight',
    );
  });
});
