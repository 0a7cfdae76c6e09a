import { describe, expect, it } from 'vitest';
import { base, cellsOf, gridOf, problemsOf } from '../grid-fixture.js';

const axes = 'axes: {optimizer: {slow: sgd, fast: adam}, model: [resnet20, resnet32], seed: [0, 1]}\n';
const grid = (stopping: string) => `model: resnet20\noptimizer: sgd\n${axes}stopping: ${stopping}\n`;

describe('the stopping block', () => {
  it('has defaults', () => {
    expect(gridOf(grid('{rule: halving}')).stopping).toEqual({
      rule: 'halving',
      rungs: [
        { part: 1, of: 9 },
        { part: 1, of: 3 },
      ],
      keep: 1 / 3,
      after: 'warmup',
      value: 'best',
      margin: 'auto',
      seeds: 'together',
      within: [],
      never: [],
      diverged: 'stop',
      idle: 'continue',
    });
    for (const none of ['{}', 'null', '{rule: none}', '{keep: 1/2}'])
      expect(gridOf(grid(none)).stopping).toBeNull();
    expect(gridOf(base).stopping).toBeNull();
  });

  it('takes shares as fractions and numbers, epochs, and baselines in the words of exclude', () => {
    const { stopping } = gridOf(
      grid(
        '{rule: halving, rungs: [1/10, 0.25, 30], keep: 0.5, after: 0, never: [{optimizer: sgd}, {model: [resnet20]}]}',
      ),
    );
    expect(stopping).toMatchObject({
      rungs: [{ part: 1, of: 10 }, { part: 0.25, of: 1 }, { epoch: 30 }],
      keep: 0.5,
      after: 0,
      never: [{ optimizer: ['slow'] }, { model: ['resnet20'] }],
    });
  });

  it.each([
    ['[halving]', '4:11 stopping: must be a mapping, got a list'],
    ['halving', '4:11 stopping: must be a mapping, got text "halving"'],
    [
      '{rule: halfing}',
      '4:18 stopping.rule: must be one of none, halving, got text "halfing"; did you mean "halving"?',
    ],
    ['{rul: halving}', '4:12 stopping.rul: unknown key "rul" of stopping; did you mean "rule"?'],
    ['{rungs: []}', '4:19 stopping.rungs: must have at least 1 entries, got 0'],
    [
      '{rungs: [1/0]}',
      '4:20 stopping.rungs[0]: must be a share of the epochs such as 1/9 or 0.3, or a whole number of epochs, got text "1/0"',
    ],
    [
      '{rungs: [3/2]}',
      '4:20 stopping.rungs[0]: must be a share of the epochs below 1, such as 1/9 or 0.3, or a whole number of epochs, got 3/2',
    ],
    [
      '{rungs: [1.5]}',
      '4:20 stopping.rungs[0]: must be a share of the epochs below 1, such as 1/9 or 0.3, or a whole number of epochs, got 1.5',
    ],
    ['{rungs: [-1]}', '4:20 stopping.rungs[0]: must be > 0, got -1'],
    ['{rungs: [1/3, 1/9]}', '4:25 stopping.rungs[1]: must be later than the rung before it'],
    ['{rungs: [3, 3]}', '4:23 stopping.rungs[1]: must be later than the rung before it'],
    ['{keep: 1}', '4:18 stopping.keep: must be below 1, got 1; rule: none stops no cell'],
    ['{keep: 0}', '4:18 stopping.keep: must be > 0, got 0'],
    [
      '{keep: half}',
      '4:18 stopping.keep: must be a share below 1, such as 1/3 or 0.5: of the configurations at a rung, rounded up, got text "half"',
    ],
    [
      '{after: warm-up}',
      '4:19 stopping.after: must be warmup (no rung before two epochs after the warm-up, nor before epoch 3) or the first epoch at which a rung may be, got text "warm-up"',
    ],
    ['{after: 1.5}', '4:19 stopping.after: must be text or a whole number, got 1.5'],
    [
      '{value: mean}',
      '4:19 stopping.value: must be one of best, last, median3, got text "mean"; did you mean "median3"?',
    ],
    ['{margin: -1}', '4:20 stopping.margin: must be ≥ 0, got -1'],
    ['{seeds: all}', '4:19 stopping.seeds: must be one of together, first, got text "all"'],
    [
      '{within: [optimiser]}',
      '4:21 stopping.within[0]: text "optimiser" is no axis; did you mean "optimizer"?',
    ],
    [
      '{within: [seed]}',
      '4:21 stopping.within[0]: seed can’t keep a share of its own: seeds of a configuration are judged together',
    ],
    ['{within: [model, model]}', '4:28 stopping.within[1]: is named twice'],
    [
      '{never: [{optimizer: sdg}]}',
      '4:32 stopping.never[0].optimizer: no value of the axis optimizer matches text "sdg"; labels: slow, fast',
    ],
    [
      '{never: [{}]}',
      '4:20 stopping.never[0]: must be a mapping from axes to labels or values, got an empty one',
    ],
    ['{diverged: kill}', '4:22 stopping.diverged: must be one of stop, ignore, got text "kill"'],
    ['{idle: go}', '4:18 stopping.idle: must be one of continue, wait, got text "go"'],
  ])('%s', (block, problem) => {
    expect(problemsOf(grid(block))).toEqual([problem]);
  });

  it('leaves every cell what it is', () => {
    const ids = (text: string) => cellsOf(text).map(({ cellId }) => cellId);
    const without = ids(`${base}${axes}`);
    for (const block of [
      '{rule: halving}',
      '{rule: halving, keep: 0.5, within: [model]}',
      '{rule: none}',
      'null',
    ])
      expect(ids(`${base}${axes}stopping: ${block}\n`)).toEqual(without);
  });
});
