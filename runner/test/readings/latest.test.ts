import { expect, test } from 'vitest';
import { latest } from '../../readings/latest.js';
import { openStore } from '../../store/open-store.js';
import { cells, complete, grid, resultsFolder } from '../store/fixtures.js';

test('what was read is kept until another connection writes, or all is over', async () => {
  const folder = resultsFolder();
  const store = await openStore(folder);
  store.registerGrid(grid, cells(2));
  const reader = await openStore(folder, { readOnly: true });
  let times = 0;
  const completed = latest(reader, () => {
    times++;
    return reader.countsByState(grid.name).completed;
  });
  expect([completed(), completed(), completed()]).toEqual([0, 0, 0]);
  expect(times).toBe(1);
  complete(store, cells(1)[0]!.cellId, [0.5]);
  await expect.poll(() => completed()).toBe(1);
  const before = times;
  expect(completed(true)).toBe(1);
  expect(times).toBe(before + 1);
  reader.close();
  store.close();
});

test('a reading that takes long is made seldom', async () => {
  const folder = resultsFolder();
  const store = await openStore(folder);
  store.registerGrid(grid, cells(2));
  const reader = await openStore(folder, { readOnly: true });
  let times = 0;
  const read = latest(reader, () => {
    const until = performance.now() + 50;
    while (performance.now() < until);
    return ++times;
  });
  read();
  complete(store, cells(1)[0]!.cellId, [0.5]);
  expect(read()).toBe(1);
  expect(read(true)).toBe(2);
  reader.close();
  store.close();
});
