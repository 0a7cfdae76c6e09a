import { describe, expect, it } from 'vitest';
import { base, cellsOf, labelsOf, problemsOf } from '../grid-fixture.js';

describe('axes', () => {
  it('are labelled or plain, the last one fastest', () => {
    const cells = cellsOf(
      `${base}axes:\n  optimizer: {fast: {name: sgd, learningRate: 0.1}, plain: adam}\n  seed: [1, 2]\n`,
    );
    expect(labelsOf(cells)).toEqual([
      'optimizer=fast seed=1',
      'optimizer=fast seed=2',
      'optimizer=plain seed=1',
      'optimizer=plain seed=2',
    ]);
    expect(cells.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(cells[1]!.spec).toMatchObject({ seed: 2, optimizer: { name: 'sgd', learningRate: 0.1 } });
  });

  it('as lists get labels that tell components of one name apart', () => {
    const cells = cellsOf(
      `${base}axes:\n  optimizer: [adam, sgd, {name: sgd, momentum: 0.9}]\n  augmentation: [none, {transforms: [randomCrop, normalize], mix: [mixUp]}]\n  model.hiddenLayers: [[], [32, 16]]\n`,
    );
    expect(new Set(labelsOf(cells).map(label => label.split(' augmentation')[0]))).toEqual(
      new Set(['optimizer=adam', 'optimizer=sgd momentum=0', 'optimizer=sgd momentum=0.9']),
    );
    expect(cells[3]!.labels).toMatchObject({
      augmentation: 'randomCrop+mixUp',
      'model.hiddenLayers': '[32, 16]',
    });
  });

  it('inside a component override the parameter of the chosen one', () => {
    const cells = cellsOf(
      `${base}axes:\n  optimizer.learningRate: [0.5]\n  optimizer: [adam, {name: sgd, momentum: 0.9, learningRate: 3}]\n`,
    );
    expect(cells.map(({ spec }) => spec.optimizer.learningRate)).toEqual([0.5, 0.5]);
    expect(cells[1]!.spec.optimizer.momentum).toBe(0.9);
  });

  it('inside a component point at both where the chosen one lacks the parameter', () => {
    expect(problemsOf(`${base}axes:\n  optimizer: [adam, sgd]\n  optimizer.momentum: [0, 0.9]\n`)).toEqual([
      '5:3 axes.optimizer.momentum: optimizer adam (/grids/a.yaml:4:15) has no parameter "momentum"; it has: learningRate, weightDecay, noDecay, layerDecay, lookahead, sam, betas, epsilon, amsgrad; an axis that only some of them have needs "when"',
    ]);
  });

  it('inside a component are checked against the chosen one', () => {
    expect(problemsOf(`${base}axes:\n  optimizer.momentum: [0, 1]\n`)).toEqual([
      '4:27 axes.optimizer.momentum[1]: must be < 1, got 1',
    ]);
  });

  it('may give the parameter that a component needs', () => {
    const cells = cellsOf(`${base}scheduler: step\naxes:\n  scheduler.stepSize: [3, 5]\n`);
    expect(cells.map(({ spec }) => spec.scheduler.stepSize)).toEqual([3, 5]);
  });

  it('over a whole section are merged with the base', () => {
    const cells = cellsOf(
      `${base}train: {epochs: 3, batchSize: 8}\naxes:\n  train: {short: {epochs: 1}, long: {epochs: 9}}\n  data.limit.classes: [2, null]\n`,
    );
    expect(
      cells.map(({ spec }) => [spec.train.epochs, spec.train.batchSize, spec.data.limit.classes]),
    ).toEqual([
      [1, 8, 2],
      [1, 8, null],
      [9, 8, 2],
      [9, 8, null],
    ]);
  });

  it.each([
    ['axes: [seed]', '3:7 axes: must be a mapping from settings to their values, got a list'],
    ['axes: {seed: 3}', '3:14 axes.seed: must be a list of values or a mapping from labels to values, got 3'],
    ['axes: {seed: []}', '3:14 axes.seed: has no values, so the product is empty'],
    ['axes: {seed: [1, 1.0]}', '3:18 axes.seed[1]: the value is there twice (1)'],
    ['axes: {train.batchsize: [1]}', 'did you mean "batchSize"?'],
    [
      'axes: {optimizer.lr: [1]}',
      '3:8 axes.optimizer.lr: unknown setting "optimizer.lr": optimizer has no "lr"; did you mean "learningRate"?',
    ],
    ['axes: {sheduler: [cosine]}', 'did you mean "scheduler"?'],
    ['axes: {trainer: [1]}', 'the trainer is the same for all cells'],
    ['axes: {params.x: [1]}', 'params are for an external trainer'],
    [
      'axes: {objective: [{metric: validationLoss}]}',
      '3:8 axes.objective: all cells of a grid are ranked by one objective: write it once, beside `axes`',
    ],
    [
      'axes: {objective.metric: [validationLoss, validationAccuracy]}',
      '3:8 axes.objective.metric: all cells',
    ],
    ['axes: {zip: [{objective.direction: [minimize]}]}', '3:15 axes.zip[0].objective.direction: all cells'],
    ['include: [{objective: {metric: validationLoss}}]', '3:12 include[0].objective: all cells'],
    ['include: [{seed: 1, objective.metric: validationLoss}]', '3:21 include[0].objective.metric: all cells'],
    [
      'axes: {seed: {a: 1, b: 1}}',
      '3:24 axes.seed.b: the cells (seed=a) and (seed=b) are equal in every setting',
    ],
    [
      'axes: {optimizer: {a: {name: adamm}}}',
      '3:30 axes.optimizer.a.name: unknown optimizer "adamm"; did you mean "adam"?',
    ],
  ])('%s is refused', (text, problem) => {
    expect(problemsOf(`${base}${text}\n`)[0]).toContain(problem);
  });

  it('make at most a million combinations, and say so at once', () => {
    const seeds = `[${Array.from({ length: 2000 }, (_, i) => i)}]`;
    const [problem] = problemsOf(`${base}axes:\n  seed: ${seeds}\n  data.validation.seed: ${seeds}\n`);
    expect(problem).toMatch(
      /^4:3 axes: seed \(2000\) × data\.validation\.seed \(2000\) make more than 1,000,000/,
    );
  });
});

describe('zip', () => {
  it('lets axes advance together', () => {
    const cells = cellsOf(
      `${base}axes:\n  zip:\n    - model: [resnet20, resnet18]\n      train.batchSize: {big: 64, small: 32}\n  seed: [0, 1]\n`,
    );
    expect(labelsOf(cells)).toEqual([
      'model=resnet20 train.batchSize=big seed=0',
      'model=resnet20 train.batchSize=big seed=1',
      'model=resnet18 train.batchSize=small seed=0',
      'model=resnet18 train.batchSize=small seed=1',
    ]);
  });

  it.each([
    ['{seed: [1]}', '4:8 axes.zip: must be a list of groups of axes that advance together, got a mapping'],
    [
      '[{seed: [1, 2], train.epochs: [1]}]',
      '4:38 axes.zip[0].train.epochs: has 1 values, but seed beside it has 2',
    ],
    ['[{seed: [1]}]\n  seed: [2]', '5:3 axes.seed: this axis is there already (/grids/a.yaml:4:16)'],
    ['[3]', '4:9 axes.zip[0]: must be a mapping of axes, got 3'],
  ])('%s is refused', (zip, problem) => {
    expect(problemsOf(`${base}axes:\n  zip: ${zip}\n`)[0]).toContain(problem);
  });
});

describe('when', () => {
  const optimizers = `${base}axes:\n  optimizer: {a: adam, s: sgd, t: {name: sgd, momentum: 0.5}}\n`;

  it.each([
    ['a label', '{optimizer: s}', ['a', 's 0', 's 0.9', 't']],
    ['a component’s name', '{optimizer: sgd}', ['a', 's 0', 's 0.9', 't 0', 't 0.9']],
    [
      'some parameters, defaults included',
      '{optimizer: {name: sgd, momentum: 0}}',
      ['a', 's 0', 's 0.9', 't'],
    ],
    ['a parameter by its path', '{optimizer.momentum: 0.5}', ['a', 's', 't 0', 't 0.9']],
    ['one of a list', '{optimizer: [s, t]}', ['a', 's 0', 's 0.9', 't 0', 't 0.9']],
  ])('goes by %s', (_, when, expected) => {
    const text = `${optimizers}  optimizer.dampening: {when: ${when}, values: [0, 0.9]}\n`;
    expect(
      cellsOf(text.replace('values: [0, 0.9]', 'values: [0.1, 0.9]')).map(({ labels }) =>
        [labels.optimizer, labels['optimizer.dampening']].filter(Boolean).join(' '),
      ),
    ).toEqual(expected.map(label => label.replace(/ 0$/, ' 0.1')));
  });

  it('names axes above it', () => {
    expect(
      problemsOf(`${base}axes:\n  seed: {when: {optimizer: sgd}, values: [1]}\n  optimizer: [sgd, adam]\n`),
    ).toEqual(['4:17 axes.seed.when.optimizer: "optimizer" is no axis above it']);
  });

  it('must be met by some value', () => {
    expect(problemsOf(`${optimizers}  seed: {when: {optimizer: sgdd}, values: [1]}\n`)).toEqual([
      '5:28 axes.seed.when.optimizer: no value of the axis optimizer matches text "sgdd"; labels: a, s, t',
    ]);
  });
});

describe('exclude', () => {
  const axes = `${base}axes:\n  optimizer: [adam, sgd]\n  train.batchSize: {small: 8, big: 64}\n`;

  it('takes out partial matches by label or value', () => {
    expect(
      labelsOf(
        cellsOf(
          `${axes}exclude:\n  - {optimizer: adam, train.batchSize: big}\n  - {optimizer: sgd, train.batchSize: 8}\n`,
        ),
      ),
    ).toEqual(['optimizer=adam train.batchSize=small', 'optimizer=sgd train.batchSize=big']);
  });

  it.each([
    [
      '- {optimizer: [adam, sgd]}',
      '6:1 exclude: every one of the 4 combinations is excluded, so the product is empty',
    ],
    ['- {optimiser: adam}', '7:4 exclude[0].optimiser: "optimiser" is no axis; did you mean "optimizer"?'],
    [
      '- {train.batchSize: 16}',
      '7:21 exclude[0].train.batchSize: no value of the axis train.batchSize matches 16; labels: small, big',
    ],
    [
      '- {train.batchSize: [8, 16]}',
      '7:25 exclude[0].train.batchSize[1]: no value of the axis train.batchSize matches 16',
    ],
    ['- {}', '7:3 exclude[0]: must be a mapping from axes to labels or values, got an empty one'],
  ])('%s is refused', (entry, problem) => {
    const problems = problemsOf(`${axes}exclude:\n${entry}\n`.replace('\n-', '\n-'));
    expect(problems[0]!.replace(/^\d+:\d+/, '')).toBe(
      problem.replace(/^\d+:\d+/, '') + problems[0]!.slice(problem.length),
    );
  });

  it('is refused where it matches nothing', () => {
    const text = `${axes}  optimizer.momentum: {when: {optimizer: sgd}, values: [0, 0.9]}\nexclude:\n  - {optimizer: adam, optimizer.momentum: 0.9}\n`;
    expect(problemsOf(text)).toEqual(['8:5 exclude[0]: matches no cell']);
  });
});

describe('include', () => {
  it('adds cells to the product, with labels of axes, derived ones or those given', () => {
    const cells = cellsOf(
      `${base}axes:\n  optimizer: {tuned: {name: sgd, momentum: 0.9}}\ninclude:\n  - {optimizer: tuned, seed: 3}\n  - {optimizer: {name: adam}, train: {epochs: 2}, labels: {optimizer: baseline}}\n`,
    );
    expect(labelsOf(cells)).toEqual([
      'optimizer=tuned',
      'optimizer=tuned seed=3',
      'optimizer=baseline train=epochs=2',
    ]);
    expect(cells[1]!.spec.optimizer.momentum).toBe(0.9);
    expect(cells[2]).toMatchObject({ index: 2, include: 1, spec: { train: { epochs: 2, batchSize: 64 } } });
  });

  it.each([
    ['[{seed: 0}]', '5:11 include[0]: the cells (seed=0) and (seed=0) are equal in every setting'],
    ['[{sed: 3}]', '5:12 include[0].sed: unknown setting "sed"; did you mean "seed"?'],
    ['[{seed: -3}]', '5:18 include[0].seed: must be ≥ 0, got -3'],
    ['3', '5:10 include: must be a list, got 3'],
  ])('%s is refused', (include, problem) => {
    expect(problemsOf(`${base}axes: {seed: [0, 1]}\n\ninclude: ${include}\n`)[0]).toContain(problem);
  });
});

describe('sample', () => {
  const sampled = (count: number, seed: number, seeds = '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]') =>
    cellsOf(
      `${base}sample: {count: ${count}, seed: ${seed}}\naxes:\n  seed: ${seeds}\n  optimizer: [sgd, adam]\n`,
    );
  const ids = (cells: { cellId: string }[]) => cells.map(({ cellId }) => cellId);

  it('is a part of the product in its order, the same each time, another with another seed', () => {
    const cells = sampled(8, 0);
    expect(cells).toHaveLength(8);
    expect(cells.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(ids(sampled(8, 0))).toEqual(ids(cells));
    expect(ids(sampled(8, 1))).not.toEqual(ids(cells));
    expect(sampled(80, 0)).toHaveLength(20);
  });

  it('grows with its count and does not depend on the order of values', () => {
    expect(ids(sampled(12, 0))).toEqual(expect.arrayContaining(ids(sampled(8, 0))));
    expect(new Set(ids(sampled(8, 0, '[9, 8, 7, 6, 5, 4, 3, 2, 1, 0]')))).toEqual(
      new Set(ids(sampled(8, 0))),
    );
  });
});
