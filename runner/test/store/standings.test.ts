/** The leaderboard's query gathers, counts and rounds nothing differently than one would from all that is stored of the cells. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isBetter, type Objective, trainingCounterpart } from '../../domain/metric.js';
import type { CellRecord, GridRecord, Standing } from '../../domain/stored.js';
import { openStore } from '../../store/open-store.js';
import type { StoreReader, StoreWriter } from '../../store/run-store.js';
import { cells, grid, resultsFolder, start } from './fixtures.js';

const byAccuracy: GridRecord = { ...grid, name: 'by accuracy' };
const byLoss: GridRecord = {
  ...grid,
  name: 'by loss',
  objective: { metric: 'validationLoss', direction: 'minimize' },
};

/** Of one cell; a metric that is undefined is left out of its epoch. */
const value = fc.option(
  fc.option(
    fc.integer({ min: 0, max: 8 }).map(n => n / 7),
    { nil: undefined },
  ),
);
const cellHistory = fc.record({
  epochs: fc.array(
    fc.record({ validationAccuracy: value, validationLoss: value, trainLoss: value, seconds: value }),
    { maxLength: 4 },
  ),
  end: fc.constantFrom('never begun', 'completed', 'failed', 'interrupted', 'stopped', 'running'),
  stale: fc.subarray(['the data changed', 'another "engine"']),
  validationImages: fc.constantFrom(100, 200),
});
type CellHistory = typeof cellHistory extends fc.Arbitrary<infer T> ? T : never;

function write(store: StoreWriter, cellId: string, history: CellHistory): void {
  const { epochs, end, validationImages } = history;
  if (end === 'never begun') return;
  const run = store.startRun(cellId, 'slot');
  store.recordStarted(run, { ...start, validationImages });
  for (const [i, metrics] of epochs.entries())
    store.recordEpoch(run, {
      epoch: i + 1,
      step: i + 1,
      metrics: Object.fromEntries(
        Object.entries(metrics).flatMap(([name, v]) => (v === undefined ? [] : [[name, v]])),
      ),
    });
  if (end === 'running') return;
  const failure = { class: 'nanLoss', message: 'x' } as const;
  store.finishRun(run, end === 'failed' ? { state: end, failure } : { state: end });
}

const mean = (values: readonly (number | null | undefined)[]): number | null => {
  const known = values.filter(v => v !== null && v !== undefined);
  return known.length === 0 ? null : known.reduce((sum, v) => sum + v, 0) / known.length;
};

/** From single cells, without any sum that the store keeps. */
function slowly(store: StoreReader, name: string, objective: Objective): Standing[] {
  const groups = new Map<string, ReturnType<typeof cellOf>[]>();
  const familyOf = new Map(
    store.standings(name).flatMap(({ family, cells }) => cells.map(id => [id, family])),
  );
  const cellOf = (cell: ReturnType<StoreReader['storedCells']>[number]) => {
    const epochs = store.metricsOf(cell.cellId);
    const at = (epoch: (typeof epochs)[number] | undefined, metric: string | null) =>
      metric === null ? undefined : epoch?.metrics[metric];
    let best: (typeof epochs)[number] | undefined;
    for (const epoch of epochs) {
      const now = at(epoch, objective.metric) ?? null;
      if (now !== null && isBetter(objective, now, at(best, objective.metric) ?? null)) best = epoch;
    }
    const run = store.runsOf(cell.cellId).at(-1);
    return {
      cell,
      epochs: epochs.length,
      best,
      value: at(best, objective.metric) ?? null,
      last: at(epochs.at(-1), objective.metric),
      train: at(best, trainingCounterpart(objective)),
      seconds: epochs.some(epoch => typeof epoch.metrics.seconds === 'number')
        ? epochs.reduce((sum, epoch) => sum + (epoch.metrics.seconds ?? 0), 0)
        : null,
      images: run?.validationImages ?? null,
      failure: run?.failure?.class,
      asked: cell.spec.train.epochs,
    };
  };
  for (const cell of store.storedCells(name).filter(({ present }) => present)) {
    const key = `${familyOf.get(cell.cellId)} ${cell.state}`;
    groups.set(key, [...(groups.get(key) ?? []), cellOf(cell)]);
  }
  return [...groups.values()].map(group => {
    const short = group.filter(({ value, epochs, asked }) => value !== null && epochs < asked);
    const endsInNaN = group.filter(({ last }) => last === null);
    return {
      family: familyOf.get(group[0]!.cell.cellId)!,
      state: group[0]!.cell.state,
      cells: group.map(({ cell }) => cell.cellId),
      labels: group[0]!.cell.labels,
      values: group.flatMap(({ value }) => value ?? []),
      bestEpoch: mean(group.map(({ best }) => best?.epoch)),
      epochs: Math.max(...group.map(({ epochs }) => epochs)),
      lastValue: mean(group.map(({ last }) => last)),
      trainValue: mean(group.map(({ train }) => train)),
      seconds: mean(group.map(({ seconds }) => seconds)),
      validationImages: group.reduce<number | null>(
        (least, { images }) => (images === null ? least : Math.min(images, least ?? images)),
        null,
      ),
      epochsAsked: Math.max(...group.map(({ asked }) => asked)),
      shortCells: short.length,
      fewestEpochs: short.length === 0 ? 0 : Math.min(...short.map(({ epochs }) => epochs)),
      nanCells: endsInNaN.filter(({ value }) => value === null).length,
      endedInNaN: endsInNaN.filter(({ value }) => value !== null).length,
      failures: group.flatMap(({ failure, cell }) => (cell.state === 'failed' ? (failure ?? []) : [])),
      staleCells: group.filter(({ cell }) => cell.staleReasons.length > 0).length,
      staleReasons: [...new Set(group.flatMap(({ cell }) => cell.staleReasons))],
    };
  });
}

/** Which seed comes first within a row is nobody's promise; sums differ in their last digit. */
const comparable = (standings: readonly Standing[]) =>
  standings
    .map(({ labels: { seed: _seed, ...labels }, ...standing }) => ({
      ...Object.fromEntries(
        Object.entries(standing).map(([key, v]) => [
          key,
          typeof v === 'number' ? Number(v.toPrecision(12)) : Array.isArray(v) ? [...v].sort() : v,
        ]),
      ),
      labels,
    }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

const asked = (cell: CellRecord, epochs: number): CellRecord => ({
  ...cell,
  spec: { ...cell.spec, train: { ...cell.spec.train, epochs } },
});

test('standings are what single cells come to, whichever objective a grid has', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(cellHistory, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      fc.nat(3),
      async (histories, lossFirst, dropped) => {
        const store = await openStore(resultsFolder());
        const list = cells(histories.length).map(cell => asked(cell, 3));
        const grids = lossFirst ? [byLoss, byAccuracy] : [byAccuracy, byLoss];
        for (const each of grids) store.registerGrid(each, list);
        for (const [i, history] of histories.entries()) write(store, list[i]!.cellId, history);
        store.markStale(
          list.map(({ cellId }) => cellId),
          new Map(list.map(({ cellId }, i) => [cellId, histories[i]!.stale])),
        );
        // The last cells leave one of the grids.
        store.registerGrid(byAccuracy, list.slice(0, Math.max(1, list.length - dropped)));
        for (const { name, objective } of grids) {
          const found = store.standings(name);
          expect(comparable(found)).toEqual(comparable(slowly(store, name, objective)));
          const place = new Map(list.map(({ cellId }, i) => [cellId, i]));
          const places = found.map(standing => Math.min(...standing.cells.map(id => place.get(id)!)));
          expect(places).toEqual([...places].sort((a, b) => a - b));
        }
        store.close();
      },
    ),
    { numRuns: 30 },
  );
});
