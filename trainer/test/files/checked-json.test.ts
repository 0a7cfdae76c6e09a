import { describe, expect, it } from 'vitest';
import { omitLaterSettings } from '../../contract/later-settings.js';
import * as schemas from '../../contract/request-schemas.js';
import { checkedByType, checkedJson } from '../../files/checked-json.js';
import { runSpec } from '../training/run-spec.js';

const spec = runSpec();
const check = (schema: object, value: unknown) => () =>
  checkedJson(typeof value === 'string' ? value : JSON.stringify(value), schema, 'a request');

describe('JSON from outside', () => {
  it('is what it stands for', () => {
    expect(check(schemas.dataSpec, spec.data)()).toEqual(spec.data);
    expect(check(schemas.folder, '"a b"')()).toBe('a b');
  });

  it.each([
    ['', 'a request: it must be JSON: '],
    ['{"name":', 'a request: it must be JSON: '],
    ['null', 'a request: it must be object, got null'],
    [{ ...spec.data, channels: 2 }, 'a request: channels must be one of 1, 3, got 2'],
    [{ ...spec.data, columns: { id: 'Id' } }, 'a request: columns.label is missing'],
    [{ ...spec.data, root: '' }, 'a request: root must not be empty, got ""'],
    [{ ...spec.data, imageSize: 1.5 }, 'a request: imageSize must be integer or null, got 1.5'],
  ])('is refused in words: %j', (value, message) => {
    expect(check(schemas.dataSpec, value)).toThrow(message);
  });

  it('names places inside of lists, and the first few problems alone', () => {
    const models = [{ name: 'vit' }, {}, 'vit', ...new Array(6).fill(1)];
    expect(check(schemas.models, models)).toThrow(
      'a request: 1.name is missing; 2 must be object, got "vit"; 3 must be object, got 1; 4 must be object, got 1; 5 must be object, got 1; and 3 more',
    );
  });

  it('may leave out what came later, and say more than is asked', () => {
    const sections = Object.entries(structuredClone(spec)).map(([section, value]) => [
      section,
      omitLaterSettings(section, value),
    ]);
    const earlier = Object.fromEntries(sections);
    expect(earlier.data).not.toHaveProperty('skipBad');
    const request = {
      type: 'run',
      cellId: 'a',
      attempt: 1,
      spec: earlier,
      runDir: '/r',
      cacheDir: '/c',
      later: 1,
    };
    expect(check(schemas.trainerRequests.run, request)).not.toThrow();
  });

  it('is checked by its type', () => {
    const read = (value: unknown) => () =>
      checkedByType(JSON.stringify(value), schemas.inferenceRequests, 'an InferenceRequest');
    const model = { cellId: 'a', spec, weights: '/w' };
    const predict = {
      ...{
        type: 'predict',
        batchSize: 8,
        cacheDir: '/c',
        models: [model],
        images: '/i',
        sample: null,
        columns: null,
      },
      augmentation: { flip: false, shift: 0, crops: 0 },
      fitWeights: false,
    };
    expect(read(predict)()).toEqual(predict);
    expect(read({ ...predict, models: [{ ...model, spec: { ...spec, version: 2 } }] })).toThrow(
      'an InferenceRequest of type predict: models.0.spec.version must be 1, got 2',
    );
    for (const value of [{ type: 'walk' }, {}, null, [], { type: 'constructor' }])
      expect(read(value)).toThrow('an InferenceRequest: type must be one of predict, embed, got ');
  });
});
