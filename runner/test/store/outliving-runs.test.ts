import { expect, it } from 'vitest';
import { identityOf } from '../../../trainer/files/process-identity.js';
import { openStore } from '../../store/open-store.js';
import type { StoreWriter } from '../../store/run-store.js';
import { ownerOf } from '../../store/sqlite/leases.js';
import { cells, epochsWith, grid, resultsFolder } from './fixtures.js';

it('a run that goes on without its runner is adopted by the next one, which alone writes then', async () => {
  const folder = resultsFolder();
  const gone = ownerOf({ ...identityOf(process.pid), pid: 2 ** 22 - 1 });
  const first = await openStore(folder, { owner: gone });
  first.registerGrid(grid, cells(2));
  const [kept, local] = cells(2).map(({ cellId }) => cellId) as [string, string];
  const run = first.startRun(kept, 'away/0');
  first.recordRef(run, 'job 17');
  const [one, two, three] = epochsWith([0.1, 0.2, 0.3]);
  first.recordEpoch(run, one!, 1);
  first.passEvent(run, 2);
  first.startRun(local, 'here/0');

  const second = await openStore(folder);
  const states = (store: Pick<StoreWriter, 'cellsById'>) =>
    [kept, local].map(cellId => store.cellsById([cellId]).get(cellId)?.state);
  // Nobody follows it as yet.
  expect(states(second)).toEqual(['interrupted', 'interrupted']);
  const adopted = second.adoptRun(kept)!;
  expect(adopted).toMatchObject({ run: { attempt: 1 }, slotId: 'away/0', ref: 'job 17', lastEvent: 2 });
  expect(adopted.run.fence).toBeGreaterThan(run.fence);
  expect(states(second)).toEqual(['running', 'interrupted']);
  expect(() => first.recordEpoch(run, two!, 3)).toThrow(/has lost its lease/);
  expect(second.recordEpoch(adopted.run, one!, 1)).toBe(false);
  expect(second.recordEpoch(adopted.run, two!, 3)).toBe(true);
  expect(second.recordEpoch(adopted.run, three!, 4)).toBe(true);
  expect(second.metricsOf(kept)).toEqual([one, two, three]);
  second.finishRun(adopted.run, { state: 'completed' });
  expect(second.adoptRun(kept)).toBeUndefined();
  expect(second.adoptRun(local)).toBeUndefined();
  expect(second.runsOf(kept)).toHaveLength(1);
  first.close();
  second.close();
});

it('a run that goes on without its runner ends in the store when the cell is run anew, or held back', async () => {
  const folder = resultsFolder();
  const first = await openStore(folder, { owner: ownerOf({ ...identityOf(process.pid), pid: 2 ** 22 - 1 }) });
  first.registerGrid(grid, cells(2));
  const [anew, held] = cells(2).map(({ cellId }) => cellId) as [string, string];
  for (const cellId of [anew, held]) first.recordRef(first.startRun(cellId, 'away/0'), cellId);
  const second = await openStore(folder);
  const run = second.startRun(anew, 'here/0');
  expect(run.attempt).toBe(2);
  expect(second.hold([held], 'stopped')).toEqual([held]);
  expect(second.runsOf(anew)[0]!.state).toBe('interrupted');
  expect(second.adoptRun(held)).toBeUndefined();
  first.close();
  second.close();
});

it('a run that goes on without its runner is not adopted while that is there', async () => {
  const folder = resultsFolder();
  const first = await openStore(folder, { owner: ownerOf(identityOf(process.ppid)) });
  first.registerGrid(grid, cells(1));
  const { cellId } = cells(1)[0]!;
  first.recordRef(first.startRun(cellId, 'away/0'), 'job 17');
  const second = await openStore(folder);
  expect(() => second.adoptRun(cellId)).toThrow(/being run by/);
  first.close();
  second.close();
});
