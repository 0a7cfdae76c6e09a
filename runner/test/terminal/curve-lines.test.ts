import { expect, it } from 'vitest';
import { readCell } from '../../readings/cell.js';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { curveLines } from '../../terminal/curve-lines.js';
import { displayWidth } from '../../text/width.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';

async function shown(accuracies: (number | null)[], width: number) {
  const results = resultsFolder();
  const store = await openStore(results);
  store.registerGrid(grid, cells(1));
  const { cellId } = cells(1)[0]!;
  if (accuracies.length > 0) complete(store, cellId, accuracies);
  const lines = curveLines(readCell(store, new ResultsPaths(results), cellId), width);
  store.close();
  return lines;
}

/** First and last row of a panel that has a dot in its column. */
const rowOf = (panel: readonly string[], column: number) =>
  panel.findIndex(line => !/[ \u2800]/.test(line.split('│')[1]![column]!));

it('draws each metric over its epochs, from its lowest to its highest value', async () => {
  const lines = await shown([0.1, 0.5, 0.9], 60);
  const at = lines.indexOf('validationAccuracy 0.1 → 0.9');
  const panel = lines.slice(at + 1, at + 8);
  expect(panel[0]).toMatch(/^ +0\.9 │/);
  expect(panel[6]).toMatch(/^ +0\.1 │/);
  expect([rowOf(panel, 0), rowOf(panel, 47)]).toEqual([6, 0]);
  expect(lines[at + 9]).toMatch(/epoch {2}1 +3$/);
  expect(lines).toContain('trainAccuracy 0.2 → 1');
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(60);
});

it('one epoch, values that are all the same, missing ones, and none at all', async () => {
  expect(await shown([0.5], 60)).toContain('validationAccuracy 0.5 → 0.5');
  expect(await shown([0.5, null, 0.5], 60)).toContain(
    'validationAccuracy 0.5 → 0.5 (1 epoch without a value)',
  );
  expect((await shown([], 60))[1]).toBe('no epoch has a value yet');
});
