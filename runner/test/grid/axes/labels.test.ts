import { describe, expect, it } from 'vitest';
import { base, cellsOf, labelsOf, problemsOf } from '../grid-fixture.js';

const external = 'trainer: {command: [x]}\n';
const names = (text: string) => labelsOf(cellsOf(text));

describe('labels', () => {
  it('are text as written: keys', () => {
    const keys = [
      '1.10',
      '1.1',
      '010',
      '1e3',
      '0x1F',
      '+1',
      'True',
      '~',
      '.5',
      '"1.0"',
      '2024-01-01',
      '1_000',
    ];
    const labels = keys.map(key => `params.x=${key.replaceAll('"', '')}`);
    const text = `${external}axes: {params.x: {${keys.map((key, i) => `${key}: ${i}`).join(', ')}}}\n`;
    expect(names(text)).toEqual(labels);
    const block = `${external}axes:\n  params.x:\n${keys.map((key, i) => `    ${key}: ${i}\n`).join('')}`;
    expect(names(block)).toEqual(labels);
  });

  it('are text as written: values of a list', () => {
    expect(
      names(`${external}axes: {params.x: [1.10, 010, 1e3, 0x1F, True, ~, "1.50", [1.0, {a: 1e-1}]]}\n`),
    ).toEqual(
      ['1.10', '010', '1e3', '0x1F', 'True', '~', '1.50', '[1.0, a=1e-1]'].map(label => `params.x=${label}`),
    );
    expect(
      names(`${external}axes:\n  params.x:\n    - &a 1.10\n    -\n    - 2.0\n  params.y: [*a]\n`),
    ).toEqual(['params.x=1.10 params.y=1.10', 'params.x=null params.y=1.10', 'params.x=2.0 params.y=1.10']);
  });

  it('are text as written: parameters in which components differ, values behind `when`, zipped and included ones', () => {
    expect(
      names(
        `${base}axes:\n  optimizer: [sgd, {name: sgd, learningRate: 1e-2}]\n  optimizer.momentum: {when: {optimizer: sgd}, values: [0.90]}\n  zip: [{seed: [007], train.labelSmoothing: [1e-1]}]\ninclude:\n  - {train: {epochs: 1e1}, optimizer.weightDecay: 5.0e-4}\n  - {seed: 2, labels: {seed: 2.0, note: 010}}\n`,
      ),
    ).toEqual([
      'optimizer=sgd learningRate=0.001 optimizer.momentum=0.90 seed=007 train.labelSmoothing=1e-1',
      'optimizer=sgd learningRate=1e-2 optimizer.momentum=0.90 seed=007 train.labelSmoothing=1e-1',
      'train=epochs=1e1 optimizer.weightDecay=5.0e-4',
      'seed=2.0 note=010',
    ]);
  });

  it('are no part of the identity', () => {
    const ids = (text: string) => cellsOf(`${base}axes: ${text}\n`).map(({ cellId }) => cellId);
    const before = ids('{train.labelSmoothing: [0.1, 0.01]}');
    expect(ids('{train.labelSmoothing: [1e-1, 0.010]}')).toEqual(before);
    expect(ids('{train.labelSmoothing: {1.10: 0.1, 1.1: .01}}')).toEqual(before);
  });

  it.each([
    ['as written', '{1.10: sgd, 1.1: adam}', '1.10', ['1.1']],
    ['as written, in quotes', '{1.10: sgd, 1.1: adam}', '"1.1"', ['1.10']],
    ['as YAML reads it, where none is written so', '{010: sgd, 1e3: adam}', '1000', ['010']],
    ['of a list as written', '[{name: sgd, momentum: 1e-1}, sgd]', '"sgd momentum=1e-1"', ['sgd momentum=0']],
    [
      'of a list as YAML reads it',
      '[{name: sgd, momentum: 1e-1}, sgd]',
      'sgd momentum=0.1',
      ['sgd momentum=0'],
    ],
    ['among others', '{010: sgd, 1e3: adam, x: lion}', '[010, 1e3]', ['x']],
  ])('are found by a condition %s', (_, optimizers, wanted, left) => {
    const text = `${base}axes: {optimizer: ${optimizers}}\nexclude: [{optimizer: ${wanted}}]\n`;
    expect(names(text)).toEqual(left.map(label => `optimizer=${label}`));
  });

  it('are not needed to find a value', () => {
    const axes = `${base}axes: {train.labelSmoothing: [1e-1, 0.20], seed: [1]}\n`;
    expect(names(`${axes}exclude: [{train.labelSmoothing: 0.1}]\n`)).toEqual([
      'train.labelSmoothing=0.20 seed=1',
    ]);
    expect(names(`${axes}exclude: [{train.labelSmoothing: [0.10, 3e-1]}]\n`.replace(', 3e-1', ''))).toEqual([
      'train.labelSmoothing=0.20 seed=1',
    ]);
    expect(problemsOf(`${axes}exclude: [{train.labelSmoothing: 1e-2}]\n`)).toEqual([
      '4:34 exclude[0].train.labelSmoothing: no value of the axis train.labelSmoothing matches 0.01; labels: 1e-1, 0.20',
    ]);
  });

  it('that look like numbers stand for their values in an included cell, too', () => {
    const text = (wanted: string) =>
      `${base}axes: {optimizer: {50: sgd, 18: adam}, seed: [1]}\ninclude: [{optimizer: ${wanted}, seed: 2}]\n`;
    for (const wanted of ['18', '"18"'])
      expect(cellsOf(text(wanted)).at(-1)).toMatchObject({
        labels: { optimizer: '18' },
        spec: { optimizer: { name: 'adam' } },
      });
    // A number is a value rather than a label.
    const [, , , included] = cellsOf(
      `${base}axes: {train.batchSize: {8: 64, 64: 8, x: 9}}\ninclude: [{train.batchSize: 8, seed: 2}]\n`,
    );
    expect(included).toMatchObject({
      labels: { 'train.batchSize': '64' },
      spec: { train: { batchSize: 8 } },
    });
  });

  it.each([
    ['[1, 1.0]', '4:17 axes.params.x[1]: the value is there twice (1): first at /grids/a.yaml:4:14'],
    ['[0x10, 16]', '4:20 axes.params.x[1]: the value is there twice (0x10): first at /grids/a.yaml:4:14'],
    [
      '[1, "1"]',
      '4:17 axes.params.x[1]: text "1" and 1 (/grids/a.yaml:4:14) have one label; write labels: {first: …, second: …}',
    ],
  ])('%s are refused', (values, problem) => {
    expect(problemsOf(`${external}axes:\n\n  params.x: ${values}\n`)[0]).toBe(problem);
  });

  it('must be text', () => {
    expect(problemsOf(`${base}include: [{seed: 1, labels: {seed: [a]}}]\n`)[0]).toBe(
      '3:36 include[0].labels.seed: a label must be text, got a list',
    );
  });
});
