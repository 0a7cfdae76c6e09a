import { describe, expect, test } from 'vitest';
import type { Standing } from '../../domain/stored.js';
import { rank as rankBlocks } from '../../leaderboard/rank.js';
import { rankText } from '../../leaderboard/rank-text.js';
import { standing } from './fixtures.js';

const highest = { metric: 'validationAccuracy', direction: 'maximize' } as const;
const lowest = { metric: 'validationLoss', direction: 'minimize' } as const;
const rank = (...parameters: Parameters<typeof rankBlocks>) => rankBlocks(...parameters).rows;
const ranks = (...parameters: Parameters<typeof rank>) =>
  rank(...parameters).map(row => [row.rank, row.labels.model]);

describe('rows', () => {
  test('are means over seeds with the sample standard deviation', () => {
    const [row] = rank([standing('a', [0.8, 0.9, 1])], highest);
    expect(row).toMatchObject({ rank: 1, cells: ['a0', 'a1', 'a2'], labels: { model: 'a' }, seeds: 3 });
    expect(row!.value).toBeCloseTo(0.9, 12);
    expect(row!.std).toBeCloseTo(0.1, 12);
  });

  test('have exactly the keys of the JSON, in order', () => {
    const [row] = rank([standing('a', [0.8])], highest);
    expect(Object.keys(row!).join(' ')).toBe(
      'rank worstRank mayWin cells labels value shrunk std seeds bestEpoch epochs lastValue trainValue overfitSince validationImages seconds state note ' +
        'seedsAsked seedsFailed seedsOpen epochsAsked budget staleReasons isWhole stop restsOn',
    );
    expect(row!.std).toBeNull();
  });

  test('count completed cells only, and say what the others are', () => {
    const [row] = rank(
      [
        standing('a', [0.8, 0.8]),
        standing('a', [0.1], { cells: ['r'], state: 'running', lastValue: 0.1 }),
        standing('a', [], { cells: ['q'], state: 'queued' }),
      ],
      highest,
    );
    expect(row).toMatchObject({ rank: 1, value: 0.8, std: 0, seeds: 2, lastValue: 0.5, state: 'running' });
    expect(row!.cells).toEqual(['a0', 'a1', 'r', 'q']);
  });

  const lost = (family: string, difference: Partial<Standing>) =>
    standing(family, [], { cells: ['lost'], ...difference });
  test.each([
    ['failed by a NaN loss', { state: 'failed', failures: ['nanLoss'] }, '1 of 3 diverged'],
    ['was NaN in every epoch', { nanCells: 1 }, '1 of 3 diverged'],
    ['never reported the objective', {}, '1 of 3 without a value'],
    ['crashed for good', { state: 'failed', failures: ['crash'] }, '1 of 3 failed (crash)'],
    // What it had before it failed is no result.
    ['failed late', { state: 'failed', failures: ['nanLoss'], values: [0.99] }, '1 of 3 diverged'],
  ] as const)(
    'with a seed that %s rank behind all others, whatever the objective',
    (_, difference, words) => {
      for (const [objective, best, good, bad] of [
        [highest, 0.99, 0.9, 0.1],
        [lowest, 0.01, 0.1, 0.9],
      ] as const) {
        const rows = rank(
          [
            standing('shaky', [best, best]),
            lost('shaky', difference),
            standing('bad', [bad, bad, bad]),
            standing('good', [good, good, good]),
          ],
          objective,
        );
        expect(rows.map(row => [row.rank, row.labels.model])).toEqual([
          [1, 'good'],
          [2, 'bad'],
          [3, 'shaky'],
        ]);
        expect(rows[2]).toMatchObject({
          value: best,
          seeds: 2,
          seedsAsked: 3,
          seedsFailed: 1,
          isWhole: false,
        });
        expect(rows[2]!.restsOn).toBe(words);
        expect(rows[0]).toMatchObject({ isWhole: true, restsOn: '3 seeds' });
      }
    },
  );

  test('with more seeds lost rank lower, and never share a rank with those that lost fewer', () => {
    const diverged = (family: string, values: number[], count: number) => [
      standing(family, values),
      lost(family, {
        state: 'failed',
        cells: Array.from({ length: count }, (_, i) => `l${i}`),
        failures: Array.from({ length: count }, () => 'nanLoss' as const),
      }),
    ];
    const rows = rank(
      [
        ...diverged('two', [0.9], 2),
        ...diverged('all', [], 3).slice(1),
        ...diverged('one', [0.9, 0.8], 1),
        ...diverged('other', [0.89, 0.79], 1),
        standing('none', [0.9, 0.8, 0.7]),
      ],
      highest,
    );
    expect(rows.map(row => [row.rank, row.labels.model, row.restsOn])).toEqual([
      [1, 'none', '3 seeds'],
      [2, 'one', '1 of 3 diverged'],
      [2, 'other', '1 of 3 diverged'],
      [4, 'two', '2 of 3 diverged'],
      [null, 'all', 'all 3 diverged'],
    ]);
  });

  test('whose other seeds are still to come rank by those that are there, and say so', () => {
    const [row] = rank(
      [
        standing('a', [0.9, 0.8]),
        lost('a', { state: 'queued' }),
        // A slot that was lost says nothing of the cell.
        lost('a', { state: 'failed', failures: ['lostSlot'], cells: ['s'] }),
      ],
      highest,
    );
    expect(row).toMatchObject({ rank: 1, seeds: 2, seedsAsked: 4, seedsFailed: 0, seedsOpen: 2 });
    expect(row!.restsOn).toBe('2 of 4 seeds so far (1 queued, 1 failed (lostSlot))');
  });

  test.each([
    ['5 of 10 epochs', { epochsAsked: 10, shortCells: 1, fewestEpochs: 5 }, '1 seed; after 5 of 10 epochs'],
    [
      'a stop',
      { state: 'stopped', epochsAsked: 10, shortCells: 1, fewestEpochs: 5 },
      '1 seed; stopped after 5 of 10 epochs',
    ],
    ['a last epoch of NaN', { endedInNaN: 1, lastValue: null }, '1 seed; ended in NaN after the best epoch'],
    ['other data', { staleCells: 1, staleReasons: ['the data changed'] }, '1 seed; stale: the data changed'],
    ['an interrupted run', { state: 'interrupted', epochsAsked: 10 }, 'interrupted, epoch 5 of 10'],
  ] as const)('that rest on %s say so', (_, difference, words) => {
    const [row] = rank([standing('a', [0.5], difference)], highest);
    expect(row).toMatchObject({ restsOn: words, isWhole: false });
  });

  test('without a completed cell come last, unranked, with what they have so far', () => {
    const rows = rank(
      [
        standing('queued', [], { state: 'queued', cells: ['q'] }),
        standing('running', [0.99], { state: 'running' }),
        standing('nan', [], { cells: ['n'] }),
        standing('done', [0.5]),
      ],
      highest,
    );
    expect(rows.map(row => [row.rank, row.labels.model, row.value])).toEqual([
      [1, 'done', 0.5],
      [null, 'running', 0.99],
      [null, 'queued', null],
      [null, 'nan', null],
    ]);
  });

  test('are merged by the labels of the axes asked for', () => {
    const labels = (model: string, optimizer: string) => ({ labels: { model, optimizer, seed: '1' } });
    const rows = rank(
      [
        standing('a', [0.8], labels('resnet', 'sgd')),
        standing('b', [0.6], labels('resnet', 'adam')),
        standing('c', [0.5], labels('vgg', 'adam')),
      ],
      highest,
      { groupBy: ['model'] },
    );
    expect(rows.map(({ labels, value, seeds }) => [labels, value, seeds])).toEqual([
      [{ model: 'resnet' }, 0.7, 2],
      [{ model: 'vgg' }, 0.5, 1],
    ]);
  });

  test('carry the notes of their cells', () => {
    const notes = new Map([
      ['a0', 'odd'],
      ['a1', 'odd'],
    ]);
    expect(rank([standing('a', [1, 1])], highest, { notes })[0]!.note).toBe('odd');
  });
});

describe('ranks', () => {
  /** `1-2+`: the interval, and whether the row may be the best. */
  const intervals = (...parameters: Parameters<typeof rankBlocks>) =>
    rank(...parameters).map(row => [row.labels.model, rankText(row)]);

  test('follow the direction of the objective', () => {
    const rows = [standing('a', [1, 1]), standing('b', [3, 3]), standing('c', [2, 2])];
    expect(ranks(rows, highest)).toEqual([
      [1, 'b'],
      [2, 'c'],
      [3, 'a'],
    ]);
    expect(ranks(rows, lowest)).toEqual([
      [1, 'a'],
      [2, 'c'],
      [3, 'b'],
    ]);
  });

  test('are equal for equal values, and the next one counts on', () => {
    expect(ranks([standing('a', [1, 1]), standing('b', [1, 1]), standing('c', [0, 0])], highest)).toEqual([
      [1, 'a'],
      [1, 'b'],
      [3, 'c'],
    ]);
  });

  test('are intervals: which rows are told to be better, and which to be worse', () => {
    const noisy = [standing('a', [0.9, 0.8, 0.7]), standing('b', [0.85, 0.75, 0.65])];
    expect(intervals(noisy, highest)).toEqual([
      ['a', '1-2+'],
      ['b', '1-2+'],
    ]);
    const clear = ['a', 'b', 'c', 'd'].map((name, i) =>
      standing(
        name,
        [0.901, 0.9, 0.899].map(value => value - (i === 1 ? 0.001 : i * 0.05)),
      ),
    );
    expect(intervals(clear, highest)).toEqual([
      ['a', '1-2+'],
      ['b', '1-2+'],
      ['c', '3'],
      ['d', '4'],
    ]);
  });

  test('use the spread of all seeds for rows that have only one', () => {
    const rows = [
      standing('a', [0.901, 0.9, 0.899, 0.9]),
      standing('b', [0.8]),
      standing('c', [0.899, 0.9, 0.901]),
    ];
    expect(intervals(rows, highest)).toEqual([
      ['a', '1-2+'],
      ['c', '1-2+'],
      ['b', '3'],
    ]);
  });

  test('with one seed each go by the binomial error of the validation images', () => {
    // p = 0.9: one standard error of a difference is 0.0134 with 1,000 images and 0.0042 with 10,000.
    const rows = (validationImages: number) => [
      standing('a', [0.9], { validationImages }),
      standing('b', [0.885], { validationImages }),
    ];
    expect(ranks(rows(1_000), highest)).toEqual([
      [1, 'a'],
      [1, 'b'],
    ]);
    expect(ranks(rows(10_000), highest)).toEqual([
      [1, 'a'],
      [2, 'b'],
    ]);
    const four = [0.9, 0.88, 0.86, 0.84].map((value, i) =>
      standing('abcd'[i]!, [value], { validationImages: 1_000 }),
    );
    expect(intervals(four, highest).map(([, interval]) => interval)).toEqual(['1-2+', '1-3+', '2-4', '3-4']);
  });

  test('with one seed each and nothing known of the noise are open', () => {
    const rows = [standing('a', [0.9]), standing('b', [0.1])];
    for (const objective of [lowest, highest]) {
      expect(intervals(rows, objective).map(([, interval]) => interval)).toEqual(['1-2+', '1-2+']);
      const [block] = rankBlocks(rows, objective).blocks;
      expect(block!.noise.kind).toBe('unknown');
      expect(block!.best!.shrunk).toBeNull();
    }
  });

  test('take no equal seeds on a few images for proof', () => {
    const rows = [0.9, 0.8].map((value, i) => standing('ab'[i]!, [value, value], { validationImages: 10 }));
    expect(intervals(rows, highest).map(([, interval]) => interval)).toEqual(['1-2+', '1-2+']);
  });

  test('say by which noise they were told apart, and what the best would come to again', () => {
    const values = [0.93, 0.9, 0.88, 0.9, 0.89, 0.91];
    const alike = values.map((value, i) => standing(`r${i}`, [value, value + 0.02, value - 0.02]));
    const { blocks, rows } = rankBlocks(alike, highest);
    expect(blocks[0]!.noise).toMatchObject({ kind: 'seeds', df: 12, std: expect.closeTo(0.02, 9) });
    expect(blocks[0]!.best!.value).toBeCloseTo(0.93, 9);
    expect(blocks[0]!.best!.shrunk).toBeLessThan(0.93);
    expect(blocks[0]!.best!.shrunk).toBeGreaterThan(0.9);
    expect(blocks[0]!.mayWin).toBe(rows.filter(({ mayWin }) => mayWin).length);
    const unlike = values.map((value, i) => {
      const spread = 0.1 ** (i % 4);
      return standing(`r${i}`, [value, value + spread, value - spread]);
    });
    expect(rankBlocks(unlike, highest).blocks[0]!.noise.kind).toBe('ownSeeds');
  });
});

describe('blocks', () => {
  const trained = (name: string, value: number, epochs: number, difference: Partial<Standing> = {}) =>
    standing(name, [value, value], { epochs, epochsAsked: epochs, ...difference });
  const stopped = (name: string, value: number, epochs: number, difference: Partial<Standing> = {}) =>
    trained(name, value, epochs, {
      ...{ state: 'stopped', epochsAsked: 30, shortCells: 2, fewestEpochs: epochs },
      ...difference,
    });

  test('keep rows of unequal budgets apart, the whole ones first', () => {
    const { rows, blocks } = rankBlocks(
      [
        stopped('s4', 0.99, 4),
        trained('short', 0.98, 10),
        stopped('uneven', 0.97, 12, { fewestEpochs: 4 }),
        trained('b', 0.8, 30),
        standing('open', [], { state: 'queued', cells: ['q'] }),
        stopped('s12', 0.95, 12),
        trained('a', 0.9, 30),
        stopped('t4', 0.5, 4),
      ],
      highest,
    );
    expect(rows.map(row => [row.labels.model, row.budget, rankText(row)])).toEqual([
      ['a', '30 epochs', '1+'],
      ['b', '30 epochs', '2'],
      ['short', '10 epochs', '1+'],
      ['s12', 'stopped after 12 of 30 epochs', '1+!'],
      ['s4', 'stopped after 4 of 30 epochs', '1+!'],
      ['t4', 'stopped after 4 of 30 epochs', '2!'],
      ['uneven', 'fewer epochs than asked, not the same for all seeds', '–!'],
      ['open', null, '–*'],
    ]);
    expect(blocks.map(({ budget, rows, isRanked }) => [budget, rows, isRanked])).toEqual([
      ['30 epochs', 2, true],
      ['10 epochs', 1, true],
      ['stopped after 12 of 30 epochs', 1, true],
      ['stopped after 4 of 30 epochs', 2, true],
      ['fewer epochs than asked, not the same for all seeds', 1, false],
    ]);
  });

  test('a row with one seed that was stopped is not among those whose seeds all came to their end', () => {
    const { rows } = rankBlocks(
      [
        trained('a', 0.9, 30),
        standing('a', [0.99], {
          ...{ state: 'stopped', cells: ['x'], epochs: 4, epochsAsked: 30 },
          ...{ shortCells: 1, fewestEpochs: 4 },
        }),
        trained('b', 0.8, 30),
      ],
      highest,
    );
    expect(rows.map(row => [row.labels.model, row.rank])).toEqual([
      ['b', 1],
      ['a', null],
    ]);
  });

  test('merged rows are compared where they were trained for the same numbers of epochs', () => {
    const of = (model: string, epochs: number, value: number) =>
      trained(`${model}${epochs}`, value, epochs, {
        labels: { model, 'train.epochs': String(epochs), seed: '0' },
      });
    const { rows } = rankBlocks(
      [of('a', 10, 0.5), of('a', 30, 0.7), of('b', 10, 0.6), of('b', 30, 0.8), of('c', 30, 0.9)],
      highest,
      { groupBy: ['model'] },
    );
    expect(rows.map(row => [row.labels.model, row.budget])).toEqual([
      ['b', '10 and 30 epochs'],
      ['a', '10 and 30 epochs'],
      ['c', '30 epochs'],
    ]);
  });
});
