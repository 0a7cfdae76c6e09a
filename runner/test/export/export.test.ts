import { expect, test } from 'vitest';
import { exportRows } from '../../export/export.js';
import { openStore } from '../../store/open-store.js';
import { cells, complete, grid, resultsFolder, start } from '../store/fixtures.js';

async function filledStore() {
  const store = await openStore(resultsFolder());
  const list = cells(2);
  store.registerGrid(grid, [
    { ...list[0]!, labels: { model: 'a, "b"\nc' } },
    { ...list[1]!, labels: { model: ' ü', extra: 'x' } },
  ]);
  store.registerGrid({ ...grid, name: 'other' }, list.slice(0, 1));
  complete(store, list[0]!.cellId, [0.1, null]);
  const { sources: _, ...before } = start.provenance;
  complete(store, list[1]!.cellId, [0.1, null], { provenance: before });
  return { store, ids: list.map(cell => cell.cellId) };
}

test('CSV: a row an epoch, labels and metrics as columns, quoted as of RFC 4180', async () => {
  const { store, ids } = await filledStore();
  expect([...exportRows(store, 'csv', grid.name)].join('')).toBe(
    `grid,cell,state,labels.model,labels.extra,epoch,step,sources,validationAccuracy,trainAccuracy,seconds
a/b ü,${ids[0]},completed,"a, ""b""
c",,1,10,0123456789abcdef,0.1,0.2,2
a/b ü,${ids[0]},completed,"a, ""b""
c",,2,20,0123456789abcdef,,,2
a/b ü,${ids[1]},completed," ü",x,1,10,,0.1,0.2,2
a/b ü,${ids[1]},completed," ü",x,2,20,,,,2
`,
  );
  store.close();
});

test('JSON: the same rows, of all grids without a name', async () => {
  const { store, ids } = await filledStore();
  const rows = JSON.parse([...exportRows(store, 'json')].join('')) as { grid: string }[];
  expect(rows.map(row => row.grid)).toEqual([...Array(4).fill(grid.name), 'other', 'other']);
  expect(rows[0]).toMatchObject({ cell: ids[0], sources: '0123456789abcdef' });
  expect(rows[3]).toEqual({
    grid: grid.name,
    cell: ids[1],
    state: 'completed',
    labels: { model: ' ü', extra: 'x' },
    epoch: 2,
    step: 20,
    sources: null,
    metrics: { validationAccuracy: null, trainAccuracy: null, seconds: 2 },
  });
  expect(() => [...exportRows(store, 'json', 'nothing')]).toThrow(/no grid named nothing/);
  store.close();
});

test('of nothing: a header, an empty list', async () => {
  const store = await openStore(resultsFolder(), { readOnly: true });
  expect([...exportRows(store, 'csv')].join('')).toBe('grid,cell,state,epoch,step,sources\n');
  expect([...exportRows(store, 'json')].join('')).toBe('[]\n');
  store.close();
});
