import { describe, expect, it } from 'vitest';
import { expectationClaims } from '../../conclusions/expectations.js';
import { expectationsIn, parseExpectation } from '../../domain/expectation.js';
import { parseGrid } from '../../grid/load.js';
import { openStore } from '../../store/open-store.js';
import { curveTo, noise, storeGrid } from '../fixtures/grid-results.js';
import { resultsFolder } from '../store/fixtures.js';

describe('an expectation', () => {
  it('names what is better, and by how much', () => {
    expect(parseExpectation('expect r34 > r18 by 1.5 points')).toMatchObject({
      better: ['r34'],
      worse: ['r18'],
      by: 1.5,
    });
    expect(parseExpectation('Expect r18, sgd < r34 · adamw')).toMatchObject({
      ...{ better: ['r34', 'adamw'], worse: ['r18', 'sgd'], by: 0 },
    });
    expect(
      expectationsIn('with label smoothing; expect a > b\nexpect c < d').map(({ text }) => text),
    ).toEqual(['expect a > b', 'expect c < d']);
  });

  it.each(['r34 > r18', 'expect better results', 'expect a > b > c', 'I expect a > b'])('is not %j', text => {
    expect(parseExpectation(text)).toBeNull();
  });

  it('of a grid file names values of its axes, with a near miss said', () => {
    const file = (entry: string) =>
      `model: resnet20\noptimizer: sgd\naxes:\n  optimizer.learningRate: {low: 0.01, high: 0.1}\n  train.batchSize: {low: 16, big: 64}\nexpect: [${JSON.stringify(entry)}]\n`;
    expect(parseGrid('/g.yaml', file('high > big by 2')).expect).toEqual(['expect high > big by 2']);
    expect(() => parseGrid('/g.yaml', file('high > hihg'))).toThrow(
      /g\.yaml:6:10 expect\[0\]: no axis has the value "hihg"; there are low, high/,
    );
    expect(() => parseGrid('/g.yaml', file('high > low'))).toThrow('write optimizer.learningRate=low');
    expect(() => parseGrid('/g.yaml', file('high is good'))).toThrow('must be "A > B" or "A > B by 1"');
    expect(parseGrid('/g.yaml', file('high > optimizer.learningRate=low')).expect).toHaveLength(1);
  });

  it('is right, wrong, or can’t be told', async () => {
    const results = resultsFolder();
    await storeGrid(results, {
      axes: { model: ['r18', 'r34'], 'optimizer.learningRate': [1, 2, 3, 4, 5, 6, 7, 8] },
      epochs: ({ model, ...rest }, seed) =>
        curveTo((model === 'r34' ? 0.55 : 0.5) + 0.004 * noise(model!, JSON.stringify(rest), seed)),
    });
    const store = await openStore(results);
    try {
      const [cell] = store.storedCells('made-up');
      for (const note of [
        'expect r34 > r18 by 1; expect r34 > r18 by 9',
        'expect r34 > r50',
        'expect r18 > r34',
        'expect 1 > 2',
      ])
        store.addNote(cell!.cellId, note);
      const claims = expectationClaims(store, 'made-up');
      const words = Object.fromEntries(claims.map(({ id, text }) => [id, text.split('. ')[1]]));
      expect(words).toMatchObject({
        'expectations/expect r34 > r18 by 1': expect.stringMatching(/^Right: \+\d.* over 8 pairs/),
        'expectations/expect r34 > r18 by 9': expect.stringMatching(/^Wrong: \+\d.* over 8 pairs/),
        'expectations/expect r18 > r34': expect.stringMatching(/^Wrong: -\d.* over 8 pairs/),
        'expectations/expect 1 > 2': expect.stringMatching(/^Can’t tell: .* over 2 pairs/),
      });
      // A model that isn't in the grid: a note like any other.
      expect(claims).toHaveLength(4);
      expect(claims[0]).toMatchObject({ verdict: 'holds', n: 8, unit: 'pairs' });
    } finally {
      store.close();
    }
  });
});
