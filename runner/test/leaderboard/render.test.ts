import { expect, test } from 'vitest';
import { mainEffects } from '../../leaderboard/effects.js';
import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import { rank } from '../../leaderboard/rank.js';
import { renderCsv, renderJson, renderMarkdown, renderText } from '../../leaderboard/render.js';
import type { Leaderboard } from '../../leaderboard/row.js';
import { openStore } from '../../store/open-store.js';
import { displayWidth } from '../../text/width.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';
import { standing } from './fixtures.js';

const objective = { metric: 'validationAccuracy', direction: 'maximize' } as const;
const board = (...standings: ReturnType<typeof standing>[]): Leaderboard => ({
  grid: 'sweep',
  objective,
  ...rank(standings, objective, {
    notes: new Map([['a0', 'a "note", \x1b[31mred\nand long '.repeat(4)]]),
  }),
});
const awkward = board(
  standing('a', [0.9, 0.91], {
    labels: { model: '卷积|网络 with a long label', 'optimizer.weightDecay': '1e-3' },
  }),
  standing('b', [0.5], { state: 'running', labels: { model: 'b' } }),
);

test('the text fits the width of the terminal and steers nothing', () => {
  for (const width of [45, 50, 80, 120]) {
    const lines = renderText(awkward, { width }).split('\n').slice(2);
    for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
    expect(lines.join('')).toContain('0.9050 ± 0.0071');
  }
  const text = renderText(awkward);
  expect(text).not.toContain('\x1b');
  expect(text).toContain('卷积|网络 with a long label');
  expect(text).toMatch(/^ *–\* +b .* running, epoch 5 of 5 /m);
  expect(text).toContain('* unfinished');
});

test('a mean that leaves seeds out is in parentheses, and what is odd is marked and explained', () => {
  const odd = board(
    standing('a', [0.9, 0.91]),
    standing('a', [], { state: 'failed', cells: ['lost'], failures: ['nanLoss'] }),
    standing('b', [0.5]),
  );
  const text = renderText(odd);
  expect(text).toMatch(/^ *1\+ {3}b +0\.5000 +1 .* 1 seed /m);
  expect(text).toMatch(/^ *2! +a +\(0\.9050 ± 0\.0071\) +2\/3 .* 1 of 3 diverged /m);
  expect(text).toContain('! rests on less than was asked for');
  expect(text).toContain('( ) the mean of the others');
  expect(renderCsv(odd)).toMatch(/,3,1,0,5,5 epochs,1 of 3 diverged$/m);
  expect(renderMarkdown(odd)).toContain('| 1 of 3 diverged |');
  expect(renderText(board(standing('b', [0.5])))).not.toMatch(/^[*!(]/m);
});

test('CSV has numbers in full and quotes what needs it', () => {
  const [header, first] = renderCsv(awkward).split('\n') as [string, string];
  expect(header).toBe(
    'rank,worstRank,mayWin,cells,labels.model,labels.optimizer.weightDecay,value,shrunk,std,seeds,bestEpoch,epochs,lastValue,trainValue,overfitSince,seconds,state,note,seedsAsked,seedsFailed,seedsOpen,epochsAsked,budget,restsOn',
  );
  expect(first).toMatch(
    /^1,1,true,a0 a1,卷积\|网络 with a long label,1e-3,0\.905,0\.905,0\.0070710678118654\d+,2,3,5,0\.5,0\.9,,10,completed,"a ""note"", /,
  );
});

test('Markdown keeps its columns', () => {
  const lines = renderMarkdown(awkward).trimEnd().split('\n');
  const columns = lines.map(line => line.replaceAll('\\|', '').split('|').length);
  expect(new Set(columns).size).toBe(1);
  expect(lines).toHaveLength(4);
});

test('the leaderboard of a store: JSON, top, group-by', async () => {
  const store = await openStore(resultsFolder());
  store.registerGrid(grid, cells(15));
  for (const [i, { cellId }] of cells(15).entries())
    complete(store, cellId, [0.1, i < 5 ? 0.9 : 0.5 + i / 100, null]);
  const { rows, ...rest } = JSON.parse(renderJson(readLeaderboard(store))) as Leaderboard;
  expect(rest).toMatchObject({ grid: grid.name, objective: grid.objective });
  expect(rows.map(row => [row.rank, row.seeds, row.bestEpoch, row.epochs])).toEqual([
    [1, 5, 2, 3],
    [2, 5, 2, 3],
    [3, 5, 2, 3],
  ]);
  expect(rows[0]).toMatchObject({
    value: 0.9,
    std: 0,
    lastValue: null,
    trainValue: 1,
    seconds: 6,
    state: 'completed',
  });
  expect(rows[0]!.labels).toEqual({ model: 'resnet0', 'optimizer.learningRate': '0' });
  expect(readLeaderboard(store, { top: 1 }).rows).toHaveLength(1);
  expect(readLeaderboard(store, { groupBy: ['optimizer.learningRate'] }).rows).toMatchObject([
    { labels: { 'optimizer.learningRate': '0' }, seeds: 15 },
  ]);
  expect(() => readLeaderboard(store, { groupBy: ['optimiser'] })).toThrow(
    /optimiser: no such axis in grid .*; it has: model, optimizer.learningRate/,
  );
  store.close();
});

test('a grid without results has rows of unfinished cells', async () => {
  const store = await openStore(resultsFolder());
  store.registerGrid(grid, cells(5));
  expect(readLeaderboard(store).rows).toMatchObject([{ rank: null, value: null, seeds: 0, state: 'queued' }]);
  store.registerGrid(grid, []);
  expect(renderText(readLeaderboard(store))).toContain('no cells');
  store.close();
});

test('main effects are means over everything else; failed cells count as the worst', () => {
  const of = (model: string, optimizer: string, values: number[]) =>
    standing(model + optimizer, values, { labels: { model, optimizer, seed: '0' } });
  const effects = mainEffects(
    [
      of('r', 'sgd', [0.5, 0.7]),
      of('r', 'adam', [0.9]),
      of('v', 'sgd', [0.8]),
      standing('vadam', [0], {
        state: 'failed',
        failures: ['crash'],
        labels: { model: 'v', optimizer: 'adam', seed: '0' },
      }),
    ],
    objective,
  );
  expect(
    effects.map(({ axis, labels }) => [
      axis,
      labels.map(({ label, mean, n, failed }) => [label, +mean!.toFixed(9), n, failed]),
    ]),
  ).toEqual([
    [
      'model',
      [
        ['r', 0.7, 3, 0],
        ['v', 0.8, 1, 1],
      ],
    ],
    [
      'optimizer',
      [
        ['sgd', 0.666666667, 3, 0],
        ['adam', 0.9, 1, 1],
      ],
    ],
  ]);
});

test('overfitting is flagged from the epoch on where it begins', async () => {
  const store = await openStore(resultsFolder());
  store.registerGrid(grid, cells(10));
  const run = store.startRun(cells(10)[0]!.cellId, 'local/cpu0');
  for (let epoch = 1; epoch <= 8; epoch++)
    store.recordEpoch(run, {
      epoch,
      step: epoch,
      metrics: { validationAccuracy: 0.5, trainAccuracy: epoch < 4 ? 0.4 : 0.45 + epoch / 20 },
    });
  store.finishRun(run, { state: 'completed' });
  const board = readLeaderboard(store);
  store.close();
  expect(board.rows.map(row => row.overfitSince)).toEqual([5, null]);
  expect(renderText(board)).toContain('from epoch 5');
});
