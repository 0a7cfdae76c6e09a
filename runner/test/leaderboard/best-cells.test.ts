/** Which cells `grid predict --top` takes. */
import { expect, test } from 'vitest';
import { bestCells } from '../../leaderboard/best-cells.js';
import { openStore } from '../../store/open-store.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';

const tenEpochs = (value: number) => [value, ...Array.from({ length: 9 }, () => 0)];

test('cells that rest on less come after all others, and are told of', async () => {
  const store = await openStore(resultsFolder());
  const list = cells(15);
  store.registerGrid(grid, list);
  const id = (index: number) => list[index]!.cellId;
  // Of three families: in the first a seed diverged, in the third one is short and one is stale.
  complete(store, id(0), tenEpochs(0.99));
  const diverged = store.startRun(id(1), 's');
  store.finishRun(diverged, { state: 'failed', failure: { class: 'nanLoss', message: '' } });
  complete(store, id(5), tenEpochs(0.5));
  complete(store, id(6), tenEpochs(0.6));
  complete(store, id(10), [0.98]);
  complete(store, id(11), tenEpochs(0.97));
  store.markStale([id(11)], new Map([[id(11), ['the data changed']]]));
  const warnings: string[] = [];
  const best = (count: number) =>
    bestCells(store, undefined, count, words => warnings.push(words)).map(({ cellId }) => cellId);
  expect(best(2)).toEqual([id(6), id(5)]);
  expect(warnings).toEqual([]);
  expect(best(5)).toEqual([id(6), id(5), id(0), id(10), id(11)]);
  expect(warnings).toEqual([
    expect.stringMatching(
      /^cell .{8} is of a row of which 1 of 5 diverged; 1 of 5 seeds so far \(3 queued\)$/,
    ),
    expect.stringMatching(/^cell .{8} was trained for 1 of 10 epochs$/),
    expect.stringMatching(/^cell .{8} is stale: the data changed$/),
  ]);
  expect(() => best(6)).toThrow(/--top 6: the grid .* has 5 completed cells/);
  store.close();
});
