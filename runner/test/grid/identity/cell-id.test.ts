import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../../../trainer/contract/run-spec.js';
import { canonicalJson } from '../../../grid/identity/canonical-json.js';
import { cellIdOf } from '../../../grid/identity/cell-id.js';
import { base, cellsOf } from '../grid-fixture.js';

const ids = (text: string) => cellsOf(text).map(({ cellId }) => cellId);
const idSet = (text: string) => new Set(ids(text));

const knownSpec: RunSpec = {
  version: 1,
  objective: { metric: 'validationAccuracy', direction: 'maximize' },
  seed: 7,
  data: {
    name: 'mnist',
    format: 'mnist',
    root: '/anywhere',
    images: null,
    labels: null,
    validationLabels: null,
    columns: { id: 'Id', label: 'Category' },
    imageSize: 28,
    channels: 1,
    validation: { source: 'split', fraction: 0.2, stratified: true, seed: 0 },
    limit: { classes: null, imagesPerClass: 500 },
  },
  model: { name: 'resnet20', width: 16 },
  init: null,
  optimizer: { name: 'sgd', learningRate: 0.1 },
  scheduler: { name: 'constant' },
  augmentation: {
    transforms: [{ name: 'normalize', mean: [0.5] }],
    mix: [],
    mixProbability: 1,
    repeats: 1,
    expansion: null,
  },
  train: {
    epochs: 3,
    batchSize: 64,
    accumulate: 1,
    labelSmoothing: 0,
    dropLast: false,
    gradientClipNorm: null,
    gradientClipValue: null,
    freeze: [],
    ema: null,
    precision: 'float32',
  },
  trainer: null,
  params: { größe: 'ä' },
};

describe('cellId', () => {
  it('is 16 hex digits of the hash of the canonical spec without data.root', () => {
    const [cell] = cellsOf(base);
    expect(cell!.cellId).toMatch(/^[0-9a-f]{16}$/);
    expect(cellIdOf(structuredClone(cell!.spec))).toBe(cell!.cellId);
    const { root: _, ...data } = cell!.spec.data;
    expect(cellIdOf({ ...cell!.spec, data: { ...data, root: '/elsewhere' } })).toBe(cell!.cellId);
    expect(cellIdOf({ ...cell!.spec, data: { ...cell!.spec.data, name: 'other' } })).not.toBe(cell!.cellId);
  });

  it('is that of other programs: json.dumps(sort_keys=True, separators=(",", ":"), ensure_ascii=False) of Python', () => {
    expect(cellIdOf(knownSpec)).toBe('1a1550894b2e598d');
  });

  it.each([
    ['labels', 'axes: {optimizer: {a: sgd, b: adam}}', 'axes: {optimizer: {x: sgd, y: adam}}'],
    ['the objective', 'objective: {metric: validationLoss}', 'objective: {metric: validationAccuracy}'],
    ['a list for a mapping', 'axes: {optimizer: {a: sgd, b: adam}}', 'axes: {optimizer: [sgd, adam]}'],
    ['order', 'axes: {optimizer: [sgd, adam], seed: [1, 2]}', 'axes: {seed: [2, 1], optimizer: [adam, sgd]}'],
    ['comments', 'axes: {seed: [1, 2]}', '# note\naxes: {seed: [1, 2]} # two'],
    ['name and description', 'name: a', 'name: b\ndescription: c\nnote: d'],
    ['an axis with the default', 'axes: {seed: [1]}', 'axes: {seed: [1], train.batchSize: [64]}'],
    ['a default written out', 'train: {epochs: 10}', 'scheduler: {name: constant, warmupEpochs: 0}'],
    [
      'the way a number is written',
      'train: {labelSmoothing: 0.1, epochs: 10}',
      'train: {labelSmoothing: 1e-1, epochs: 1e1}',
    ],
    ['1 and 1.0', 'train: {gradientClipNorm: 1}', 'train: {gradientClipNorm: 1.0}'],
    ['retry and limits', 'seed: 0', 'retry: {attempts: 9}\nlimits: {cellTimeoutSeconds: 5}'],
    ['an override of what is the same', 'optimizer: adam', 'optimizer: {name: adam, learningRate: 1e-3}'],
  ])('does not depend on %s', (_, one, other) => {
    const whole = (text: string) =>
      text.startsWith('optimizer') ? `model: resnet20\n${text}\n` : `${base}${text}\n`;
    expect(idSet(whole(one))).toEqual(idSet(whole(other)));
  });

  it('stays when an axis gets one more value', () => {
    const before = ids(`${base}axes: {seed: [1, 2], optimizer: [sgd]}\n`);
    const after = ids(`${base}axes: {seed: [0, 1, 2], optimizer: [adam, sgd]}\n`);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(new Set(after).size).toBe(6);
  });
});

/** The same data with the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, entry]) => [key, reordered(entry)]),
  );
}

describe('canonical JSON', () => {
  it('is one text for one value, and that value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const text = canonicalJson(value);
        expect(canonicalJson(reordered(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('has no -0, no undefined, no NaN', () => {
    expect(canonicalJson({ b: -0, a: undefined, c: [1, '1'] })).toBe('{"b":0,"c":[1,"1"]}');
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
    expect(() => canonicalJson([() => 1])).toThrow(TypeError);
  });
});
