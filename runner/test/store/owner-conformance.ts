/** What every kind of owner of leases must hold to: a process of this machine, one that can't be looked for, an agent. */
import { describe, expect, it } from 'vitest';
import { openStore } from '../../store/open-store.js';
import type { StoreWriter } from '../../store/run-store.js';
import { cells, epochsWith, grid, resultsFolder, start } from './fixtures.js';

export interface OwnerKind {
  name: string;
  /** Names of two different owners that are there; undefined: this process. */
  owners: readonly [string | undefined, string];
}

export function ownerConformance({ name, owners }: OwnerKind): void {
  describe(`an owner that is ${name}`, () => {
    const open = async () => {
      const folder = resultsFolder();
      const store = await openStore(folder, { owner: owners[0] });
      store.registerGrid(grid, cells(3));
      return { folder, store, cellId: cells(3)[0]!.cellId };
    };

    it('has a cell alone, until its run is finished', async () => {
      const { folder, store, cellId } = await open();
      const run = store.startRun(cellId, 'a');
      const other = await openStore(folder, { owner: owners[1] });
      expect(() => other.startRun(cellId, 'b')).toThrow(/being run by/);
      store.finishRun(run, { state: 'interrupted' });
      expect(other.startRun(cellId, 'b').attempt).toBe(2);
      other.close();
      store.close();
    });

    it('writes with the newest fence alone; a refused write changes nothing and is counted', async () => {
      const { store, cellId } = await open();
      const [one, two, three] = epochsWith([0.1, 0.2, 0.3]);
      const first = store.startRun(cellId, 'a');
      store.recordEpoch(first, one!);
      store.requeue([cellId]);
      const second = store.startRun(cellId, 'a');
      store.recordStarted(second, { ...start, resumedFromEpoch: 1, history: [one!] });
      store.recordEpoch(second, two!);
      store.recordEpoch(second, three!);
      const before = store.metricsOf(cellId);
      const number = store.lastChange();
      for (const write of [
        () => store.recordStarted(first, { ...start, resumedFromEpoch: 0, history: [] }),
        () => store.recordEpoch(first, { ...two!, metrics: { validationAccuracy: 0.99 } }),
        () => store.beginAfter(first, 0),
        () => store.recordWarning(first, 'late'),
        () => store.recordInputs(first, { folder: '.', files: {} }),
        () => store.finishRun(first, { state: 'completed' }),
      ])
        expect(write).toThrow(/has lost its lease/);
      expect(store.metricsOf(cellId)).toEqual(before);
      expect(store.cellsById([cellId]).get(cellId)).toMatchObject({
        state: 'running',
        attempts: 2,
        epochs: 3,
      });
      expect(store.changesSince(number).changes.map(({ kind }) => kind)).toEqual(Array(6).fill('refused'));
      expect(store.runsOf(cellId)[0]).toMatchObject({ state: 'interrupted', warnings: { count: 0 } });
      store.finishRun(second, { state: 'completed' });
      expect(() => store.recordEpoch(second, one!)).toThrow(/has lost its lease/);
      store.close();
    });

    it('may tell an event twice, late or before its turn: nothing changes by it', async () => {
      const { store, cellId } = await open();
      const [one, two, three] = epochsWith([0.1, 0.2, 0.3]);
      const run = store.startRun(cellId, 'a');
      expect(store.recordEpoch(run, one!, 1)).toBe(true);
      expect(store.recordEpoch(run, three!, 3)).toBe(false);
      expect(store.recordEpoch(run, two!, 2)).toBe(true);
      expect(store.recordEpoch(run, three!, 3)).toBe(true);
      expect(store.recordEpoch(run, one!, 1)).toBe(false);
      expect(store.beginAfter(run, 0, 2)).toBe(false);
      expect(store.metricsOf(cellId)).toEqual([one, two, three]);
      expect(store.finishRun(run, { state: 'completed' }, 4)).toBe(true);
      expect(store.finishRun(run, { state: 'failed' }, 4)).toBe(false);
      expect(store.cellsById([cellId]).get(cellId)).toMatchObject({ state: 'completed', epochs: 3 });
      store.close();
    });

    it('keeps its lease in the eyes of whoever opens the store', async () => {
      const { folder, store, cellId } = await open();
      store.startRun(cellId, 'a');
      const reader = await openStore(folder, { readOnly: true });
      expect(stateIn(reader as StoreWriter, cellId)).toBe('running');
      reader.close();
      const writer = await openStore(folder, { owner: owners[1] });
      expect(stateIn(writer, cellId)).toBe('running');
      writer.close();
      store.close();
    });
  });
}

const stateIn = (store: Pick<StoreWriter, 'cellsById'>, cellId: string) =>
  store.cellsById([cellId]).get(cellId)?.state;
