import { describe, expect, it } from 'vitest';
import { base, cellsOf, gridOf, labelsOf, problemsOf } from './grid-fixture.js';

const external = 'trainer: {command: [x]}\n';

describe('keys of a grid file', () => {
  it.each([
    ['in a zip', 'zip: [{optimizer: {50: sgd, 18: adam}, train.batchSize: [64, 32]}]'],
    ['in a block', 'zip:\n  - optimizer:\n      50: sgd\n      18: adam\n    train.batchSize: [64, 32]'],
    ['of both axes', 'zip: [{optimizer: {b: sgd, a: adam}, train.batchSize: {9: 64, 8: 32}}]'],
    ['merged in', 'zip: [{optimizer: {<<: {50: sgd}, 18: adam}, train.batchSize: [64, 32]}]'],
  ])('keep the order of the file: %s', (_, zip) => {
    const cells = cellsOf(`${base}axes:\n  ${zip.replaceAll('\n', '\n  ')}\n`);
    expect(cells.map(({ spec }) => [spec.optimizer.name, spec.train.batchSize])).toEqual([
      ['sgd', 64],
      ['adam', 32],
    ]);
  });

  it('keep it for axes, for labels of mappings and for what an included cell sets', () => {
    const cells = cellsOf(
      `${external}axes:\n  params.7: [1, 2]\n  params.3: {20: a, 10: b}\ninclude:\n  - {params.9: {2: x, 1: y}, params.8: 1}\n`,
    );
    expect(labelsOf(cells)).toEqual([
      'params.7=1 params.3=20',
      'params.7=1 params.3=10',
      'params.7=2 params.3=20',
      'params.7=2 params.3=10',
      'params.9=2=x 1=y params.8=1',
    ]);
  });

  it('may be a label or a parameter that JavaScript means something else by', () => {
    const cells = cellsOf(
      `${external}params: {__proto__: {constructor: 1}, toString: 2}\naxes: {params.x: {__proto__: 1, constructor: 2}}\n`,
    );
    expect(labelsOf(cells)).toEqual(['params.x=__proto__', 'params.x=constructor']);
    expect(JSON.stringify(cells[0]!.spec.params)).toBe('{"__proto__":{"constructor":1},"toString":2,"x":1}');
    const other = cellsOf(
      `${external}params: {__proto__: {constructor: 2}, toString: 2}\naxes: {params.x: [1]}\n`,
    );
    expect(other[0]!.cellId).not.toBe(cells[0]!.cellId);
  });

  it.each([
    ['a number and text', `${base}axes: {optimizer: {1: adam, "1": sgd}}`, '3:29', '3:20'],
    ['one number in two ways', `${external}params: {0x1: a, 1: b}`, '2:18', '2:10', ', as 0x1 and as 1'],
    ['1 and 1.0', `${external}params: {1: a, x: 2, 1.0: b}`, '2:22', '2:10', ', as 1 and as 1.0'],
    ['1e0 and "1"', `${external}params: {1e0: a, "1": b}`, '2:18', '2:10', ', as 1e0 and as 1'],
    ['true and "true"', `${external}params: {true: a, "true": b}`, '2:19', '2:10'],
    ['True and true', `${external}params: {True: a, true: b}`, '2:19', '2:10', ', as True and as true'],
    ['null and "null"', `${base}axes: {optimizer: {null: adam, "null": sgd}}`, '3:32', '3:20'],
    ['~ and nothing', `${external}params: {~: a, : b}`, '2:16', '2:10', ', as ~ and as '],
    ['JSON', '{"model": "resnet20", "optimizer": "sgd", "seed": 1, "seed": 1}', '1:54', '1:43'],
    ['block maps', `${base}axes:\n  optimizer:\n    a: sgd\n    'a': adam`, '6:5', '5:5'],
    ['an alias', `${external}params: {x: &x y, *x : 1, y: 2}`, '2:27', '2:19'],
    ['top level', `${base}seed: 1\nmodel: resnet18`, '4:1', '1:1'],
    ['a list of mappings', `${base}exclude: [{model: a, model: b}]`, '3:22', '3:12'],
    [
      'labels of an included cell',
      `${base}include: [{seed: 1, labels: {seed: a, "seed": b}}]`,
      '3:39',
      '3:30',
    ],
    ['inside a component', `${base}scheduler: {name: step, stepSize: 1, "stepSize": 2}`, '3:38', '3:25'],
  ])('are repeated: %s', (_, text, second, first, how = '') => {
    expect(problemsOf(`${text}\n`)).toEqual([
      `${second} the key is there twice${how}: first at /grids/a.yaml:${first}; each may be given once`,
    ]);
  });

  it('are all told that are repeated', () => {
    expect(problemsOf(`${base}seed: 1\nseed: 2\nseed: 3\naxes: {seed: {a: 1, a: 2}}\n`)).toEqual([
      '4:1 the key is there twice: first at /grids/a.yaml:3:1; each may be given once',
      '5:1 the key is there twice: first at /grids/a.yaml:3:1; each may be given once',
      '6:21 the key is there twice: first at /grids/a.yaml:6:15; each may be given once',
    ]);
  });

  it('of a merge give way to those beside it, and to those merged before', () => {
    const grid = gridOf(
      `${external}params:\n  a: &a {x: 1, y: 1}\n  b: &b {y: 2, z: 2}\n  c: {y: 0, <<: [*a, *b], z: 3}\n  d: {<<: *b, <<: *a}\n`,
    );
    const { c, d } = grid.base.find(({ path }) => path === 'params')!.value as Record<string, unknown>;
    expect(c).toEqual({ x: 1, y: 0, z: 3 });
    expect(d).toEqual({ x: 1, y: 2, z: 2 });
  });

  it.each([
    ['params: {[a, b]: 1}', '2:10 a key must be text, got a list'],
    ['params: {? {a: b} : 1}', '2:12 a key must be text, got a mapping'],
    ['params: {<<: 3}', '2:14 << takes in a mapping or a list of mappings, got 3'],
    ['params: {<<: [{a: 1}, b]}', '2:14 << takes in a mapping or a list of mappings, got text "b"'],
    ['params: &p {x: *p}', '2:16 the alias *p stands inside of what it means'],
    ['params: {x: *p, y: &p 1}', '2:13 no anchor &p stands above this alias'],
    ['params: {x: !!set {a, b}}', '2:19 unknown tag !!set'],
    ['params: {x: !!omap [a: b]}', '2:20 unknown tag !!omap'],
  ])('%s is refused', (text, problem) => {
    expect(problemsOf(`${external}${text}\n`)).toEqual([problem]);
  });
});
