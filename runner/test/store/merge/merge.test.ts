import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ownIdentity } from '../../../../trainer/files/process-identity.js';
import { acquireGridLock } from '../../../store/grid-lock.js';
import { mergeResults } from '../../../store/merge/merge-results.js';
import { openStore } from '../../../store/open-store.js';
import { rebuildStore } from '../../../store/rebuild-store.js';
import { ResultsPaths } from '../../../store/run-paths.js';
import type { StoreWriter } from '../../../store/run-store.js';
import { ownerOf } from '../../../store/sqlite/leases.js';
import { cells, complete, epochsWith, grid, resultsFolder, start } from '../fixtures.js';
import { asides, contentOf, folderWith, ids, interrupt, weightsAt } from './fixtures.js';

describe('merge', () => {
  test('of two halves is what one undivided run gives; again it changes nothing; the other stays as it was', async () => {
    const half = (own: number) => (store: StoreWriter) => {
      for (const [index, cellId] of ids.entries())
        if (index % 2 === own) complete(store, cellId, [0.1, index / 10]);
      store.addNote(ids[own]!, `note ${own}`);
    };
    const [one, two] = [await folderWith(half(0)), await folderWith(half(1))];
    const whole = await folderWith(store => {
      for (const [index, cellId] of ids.entries()) complete(store, cellId, [0.1, index / 10]);
    });
    const before = await contentOf(two);
    const [report] = await mergeResults(one, [two]);
    expect(report).toMatchObject({
      cells: 6,
      added: 3,
      same: 3,
      taken: [],
      kept: [],
      conflicts: [],
      problems: [],
    });
    const merged = await contentOf(one);
    expect(merged.standings).toEqual((await contentOf(whole)).standings);
    expect(merged.runs[1][2]).toEqual([expect.objectContaining({ text: 'note 1' })]);
    expect(weightsAt(one, ids[1]!)).toBe(weightsAt(two, ids[1]!));
    expect(existsSync(new ResultsPaths(one).cell(ids[1]!).process)).toBe(false);
    expect(await contentOf(two)).toEqual(before);

    expect((await mergeResults(one, [two]))[0]).toMatchObject({ added: 0, same: 6 });
    expect(await contentOf(one)).toEqual(merged);
    // The record of what came is whole: a store that is rebuilt says the same.
    await rebuildStore(one);
    expect((await contentOf(one)).runs).toEqual(merged.runs);
  });

  test('into a folder that has nothing yet, of several at once', async () => {
    const [one, two, all] = [
      await folderWith(store => complete(store, ids[0]!, [0.1])),
      await folderWith(store => complete(store, ids[1]!, [0.2])),
      join(resultsFolder(), 'new'),
    ];
    const reports = await mergeResults(all, [one, two]);
    expect(reports.map(({ added }) => added)).toEqual([1, 1]);
    expect((await contentOf(all)).cells.slice(0, 2)).toEqual([
      [ids[0], 'completed', 1, 1],
      [ids[1], 'completed', 1, 1],
    ]);
  });

  test('takes the one that is further, and keeps the other aside, whichever it is', async () => {
    const [ours, theirs] = [
      await folderWith(store => {
        interrupt(store, ids[0]!, [0.1, 0.2]);
        complete(store, ids[1]!, [0.5, 0.6]);
        interrupt(store, ids[2]!, [0.1, 0.2, 0.3]);
      }),
      await folderWith(store => {
        complete(store, ids[0]!, [0.1, 0.3]);
        interrupt(store, ids[1]!, [0.4]);
        interrupt(store, ids[2]!, [0.1]);
      }),
    ];
    const had = { ours: weightsAt(ours, ids[0]!), theirs: weightsAt(theirs, ids[1]!) };
    const [report] = await mergeResults(ours, [theirs]);
    expect(report!.taken.map(({ cellId }) => cellId)).toEqual([ids[0]]);
    expect(report!.kept.map(({ cellId }) => cellId)).toEqual([ids[1], ids[2]]);
    const merged = await contentOf(ours);
    expect(merged.cells.slice(0, 3)).toEqual([
      [ids[0], 'completed', 2, 1],
      [ids[1], 'completed', 2, 1],
      [ids[2], 'interrupted', 3, 1],
    ]);
    expect(weightsAt(ours, ids[0]!)).toBe(weightsAt(theirs, ids[0]!));
    expect(weightsAt(ours, ids[0]!, 'set-aside', asides(ours, ids[0]!)[0]!)).toBe(had.ours);
    expect(weightsAt(ours, ids[1]!, 'set-aside', asides(ours, ids[1]!)[0]!)).toBe(had.theirs);
    expect(report!.taken[0]!.aside).toBe(
      join(new ResultsPaths(ours).cell(ids[0]!).root, 'set-aside', asides(ours, ids[0]!)[0]!),
    );
    expect((await mergeResults(ours, [theirs]))[0]).toMatchObject({ same: 6, taken: [], kept: [] });
    expect(await contentOf(ours)).toEqual(merged);
    // The other way round nothing is lost either, and both have the same then.
    await mergeResults(theirs, [ours]);
    expect((await contentOf(theirs)).standings).toEqual(merged.standings);
  });

  test('a folder that was copied and gone on with elsewhere goes on here, with all of its runs', async () => {
    const ours = await folderWith(store => interrupt(store, ids[0]!, [0.1]));
    const copy = join(resultsFolder(), 'copy');
    cpSync(ours, copy, { recursive: true });
    await folderWith(store => {
      const run = store.startRun(ids[0]!, 's');
      store.recordStarted(run, { ...start, resumedFromEpoch: 1, history: epochsWith([0.1]) });
      store.recordEpoch(run, epochsWith([0, 0.9])[1]!);
      store.finishRun(run, { state: 'completed', weightsHash: 'w' });
    }, copy);
    expect((await mergeResults(copy, [ours]))[0]).toMatchObject({ same: 6, kept: [] });
    expect((await mergeResults(ours, [copy]))[0]!.taken).toHaveLength(1);
    expect((await contentOf(ours)).runs[0]).toEqual((await contentOf(copy)).runs[0]);
  });

  test('what a killed process left running goes on here from its last epoch', async () => {
    const gone = ownerOf({ ...ownIdentity(), pid: 2 ** 22 + 1, processStarted: 'x/1' });
    const theirs = await folderWith(() => {});
    const store = await openStore(theirs, { owner: gone });
    const run = store.startRun(ids[0]!, 's');
    store.recordStarted(run, start);
    store.recordEpoch(run, epochsWith([0.5])[0]!);
    store.close();
    const ours = await folderWith(() => {});
    for (const added of [1, 0]) expect((await mergeResults(ours, [theirs]))[0]).toMatchObject({ added });
    const writer = await openStore(ours);
    expect(writer.cellsById([ids[0]!]).get(ids[0]!)).toMatchObject({ state: 'interrupted', epochs: 1 });
    expect(writer.startRun(ids[0]!, 's').attempt).toBe(2);
    writer.close();
  });
});

describe('different results of one cell', () => {
  const both = async () =>
    [
      await folderWith(store => complete(store, ids[0]!, [0.1, 0.2])),
      await folderWith(store => complete(store, ids[0]!, [0.1, 0.3])),
    ] as const;

  test('are reported with both, and left as they are', async () => {
    const [ours, theirs] = await both();
    const before = await contentOf(ours);
    const [report] = await mergeResults(ours, [theirs]);
    expect(report!.conflicts).toMatchObject([
      {
        cellId: ids[0],
        kept: 'ours',
        isOpen: true,
        aside: null,
        ours: { value: 0.2 },
        theirs: { value: 0.3 },
      },
    ]);
    expect(await contentOf(ours)).toEqual(before);
  });

  test.each(['ours', 'theirs'] as const)(
    '--prefer %s keeps that one, the other aside, and that is settled',
    async prefer => {
      const [ours, theirs] = await both();
      const kept = weightsAt(prefer === 'ours' ? ours : theirs, ids[0]!);
      const other = weightsAt(prefer === 'ours' ? theirs : ours, ids[0]!);
      const [report] = await mergeResults(ours, [theirs], { prefer });
      expect(report!.conflicts).toMatchObject([{ cellId: ids[0], kept: prefer, isOpen: false }]);
      const check = async () => {
        expect((await contentOf(ours)).standings[0].values).toEqual([prefer === 'ours' ? 0.2 : 0.3]);
        expect(weightsAt(ours, ids[0]!)).toBe(kept);
        expect(asides(ours, ids[0]!)).toHaveLength(1);
        expect(weightsAt(ours, ids[0]!, 'set-aside', asides(ours, ids[0]!)[0]!)).toBe(other);
      };
      await check();
      for (const again of [undefined, prefer]) {
        expect((await mergeResults(ours, [theirs], { prefer: again }))[0]!.conflicts).toEqual([]);
        await check();
      }
    },
  );

  test('one that was settled may be changed by the other wish, and nothing is lost', async () => {
    const [ours, theirs] = await both();
    const weights = [weightsAt(ours, ids[0]!), weightsAt(theirs, ids[0]!)];
    await mergeResults(ours, [theirs], { prefer: 'ours' });
    await mergeResults(ours, [theirs], { prefer: 'theirs' });
    expect(weightsAt(ours, ids[0]!)).toBe(weights[1]);
    const kept = asides(ours, ids[0]!).map(name => weightsAt(ours, ids[0]!, 'set-aside', name));
    expect(kept.sort()).toEqual([...weights].sort());
  });

  test('the same result, computed twice, is none', async () => {
    const run = (store: StoreWriter) => complete(store, ids[0]!, [0.1, null]);
    const [ours, theirs] = [await folderWith(run), await folderWith(run)];
    expect((await mergeResults(ours, [theirs]))[0]).toMatchObject({ same: 6, conflicts: [] });
  });

  test('other weights with the same metrics are', async () => {
    const ours = await folderWith(store => complete(store, ids[0]!, [0.1]));
    const theirs = await folderWith(store => {
      const run = store.startRun(ids[0]!, 's');
      store.recordStarted(run, start);
      store.recordEpoch(run, epochsWith([0.1])[0]!);
      store.finishRun(run, { state: 'completed', weightsHash: 'other' });
    });
    expect((await mergeResults(ours, [theirs]))[0]!.conflicts).toHaveLength(1);
  });
});

describe('grids', () => {
  test('cells of a grid that the other has more of come with their labels; another grid of its name is kept apart, once', async () => {
    const ours = await folderWith(() => {});
    const theirs = resultsFolder();
    const store = await openStore(theirs);
    store.registerGrid({ ...grid, hash: 'more' }, cells(8));
    complete(store, cells(8)[7]!.cellId, [0.7]);
    const elsewhere = cells(12).slice(9);
    store.registerGrid({ ...grid, name: 'second', hash: 'x' }, elsewhere);
    store.close();
    await mergeResults(ours, [theirs]);
    const third = resultsFolder();
    const other = await openStore(third);
    other.registerGrid({ ...grid, name: 'second', hash: 'y' }, cells(20).slice(15));
    other.close();
    for (let again = 0; again < 2; again++) await mergeResults(ours, [third]);
    const merged = await openStore(ours, { readOnly: true });
    expect(merged.storedCells(grid.name)).toHaveLength(8);
    expect(merged.storedCells(grid.name)[7]).toMatchObject({
      state: 'completed',
      labels: cells(8)[7]!.labels,
    });
    expect(merged.grids().map(({ name }) => name)).toEqual([grid.name, 'second', `second (${third})`]);
    merged.close();
  });
});

describe('is refused, with nothing changed,', () => {
  test('while a grid of one of the two is being run', async () => {
    const [ours, theirs] = [
      await folderWith(() => {}),
      await folderWith(store => complete(store, ids[0]!, [0.1])),
    ];
    const store = await openStore(theirs);
    const run = store.startRun(ids[1]!, 's');
    await expect(mergeResults(ours, [theirs])).rejects.toThrow(/cell 0+1 is being run by .*stop it first/);
    store.finishRun(run, { state: 'interrupted' });
    store.close();
    for (const busy of [ours, theirs]) {
      const lock = await acquireGridLock(busy, grid.name);
      const before = await contentOf(ours);
      await expect(mergeResults(ours, [theirs])).rejects.toThrow(
        /is being run by process \d+ .*stop it first/,
      );
      lock.release();
      expect(await contentOf(ours)).toEqual(before);
    }
    expect((await mergeResults(ours, [theirs]))[0]!.added).toBe(2);
  });

  test.each([
    ['itself', (folder: string) => folder, /is the results folder that is merged into/],
    [
      'itself under another name',
      (folder: string) => `${folder}/../${folder.split('/').at(-1)}`,
      /merged into/,
    ],
    ['what is not there', (folder: string) => join(folder, 'nowhere'), /there is no such folder/],
    ['a file', (folder: string) => join(folder, 'store.db'), /is a file/],
    [
      'another folder',
      (folder: string) => join(folder, 'grids'),
      /is no results folder: it has no store\.db/,
    ],
  ])('%s', async (_, other, words) => {
    const ours = await folderWith(store => complete(store, ids[0]!, [0.1]));
    await expect(mergeResults(ours, [other(ours)])).rejects.toThrow(words);
  });

  test('the folder that results lie in, with a hint; cells without a store, with the way out', async () => {
    const [ours, theirs] = [
      await folderWith(() => {}),
      await folderWith(store => complete(store, ids[0]!, [0.1])),
    ];
    const project = resultsFolder();
    cpSync(theirs, join(project, 'results'), { recursive: true });
    await expect(mergeResults(ours, [project])).rejects.toThrow(/did you mean .*results\?/);
    rmSync(new ResultsPaths(theirs).store);
    await expect(mergeResults(ours, [theirs])).rejects.toThrow(/grid rebuild --results/);
    await rebuildStore(theirs);
    expect((await mergeResults(ours, [theirs]))[0]!.added).toBe(1);
  });

  test('a damaged or newer store, whichever of several it is', async () => {
    const [ours, good, bad] = [
      await folderWith(() => {}),
      await folderWith(store => complete(store, ids[0]!, [0.1])),
      await folderWith(() => {}),
    ];
    const before = await contentOf(ours);
    writeFileSync(new ResultsPaths(bad).store, 'not a database'.repeat(500));
    await expect(mergeResults(ours, [good, bad])).rejects.toThrow(/the store is damaged.*grid rebuild/s);
    expect(await contentOf(ours)).toEqual(before);
  });
});
