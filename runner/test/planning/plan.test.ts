import { describe, expect, it } from 'vitest';
import type { CpuFeatures } from '../../../trainer/contract/cpu-features.js';
import type { Cell } from '../../domain/cell.js';
import type { StoredCell } from '../../domain/stored-cell.js';
import { estimate, measuredEpochTimes } from '../../planning/estimate.js';
import { type CurrentProvenance, plan } from '../../planning/plan.js';
import { base, cellsOf } from '../grid/grid-fixture.js';

const engine = { name: 'wasm', version: '4.22.0', device: 'cpu x1 thread' } as const;
const now: CurrentProvenance = {
  trainerVersionOf: () => '1',
  engines: [engine],
  fingerprintOf: () => 'f'.repeat(16),
};

const stored = ({ cellId, labels, spec }: Cell, rest: Partial<StoredCell> = {}): StoredCell => ({
  cellId,
  labels,
  spec,
  state: 'completed',
  attempts: 1,
  priority: 0,
  epochs: spec.train.epochs,
  provenance: { dataFingerprint: 'f'.repeat(16), trainerVersion: '1', engine },
  inputs: null,
  ...rest,
});

const cells = cellsOf(`${base}train: {epochs: 4}\naxes: {seed: [0, 1, 2, 3, 4, 5, 6]}\n`);
const [a, b, c, d, e, f, g] = cells as [Cell, Cell, Cell, Cell, Cell, Cell, Cell];

describe('plan', () => {
  it('says what each cell is, and what is left to do', () => {
    const failure = { class: 'outOfMemory', message: 'no more' } as const;
    const { cells: planned, counts } = plan(
      cells,
      [
        stored(b),
        stored(c, { state: 'interrupted', epochs: 3 }),
        stored(d, { state: 'failed', epochs: 1, failure, attempts: 2 }),
        stored(e, { state: 'running', epochs: 2, holder: 'host pid 1' }),
        stored(f, { state: 'queued', epochs: 0, provenance: null }),
        stored(g, { state: 'stopped', epochs: 2 }),
      ],
      now,
    );
    expect(planned.map(({ status, action, fromEpoch }) => [status, action, fromEpoch])).toEqual([
      [{ state: 'new' }, 'run', 0],
      [{ state: 'completed' }, 'skip', 0],
      [{ state: 'interrupted', epoch: 3 }, 'run', 3],
      [{ state: 'failed', epoch: 1, failure, attempts: 2 }, 'skip', 0],
      [{ state: 'running', epoch: 2, holder: 'host pid 1' }, 'skip', 0],
      [{ state: 'new' }, 'run', 0],
      [{ state: 'stopped', epoch: 2 }, 'skip', 0],
    ]);
    expect(counts).toEqual({
      new: 2,
      completed: 1,
      interrupted: 1,
      failed: 1,
      paused: 0,
      stopped: 1,
      running: 1,
      stale: 0,
    });
  });

  it('leaves paused cells, and judges them as any that was begun', () => {
    const paused = (rest: Partial<StoredCell> = {}) => stored(a, { state: 'paused', epochs: 2, ...rest });
    const other = { ...engine, name: 'tensorflow' } as const;
    const status = (result: StoredCell, options = {}, current = now) => {
      const [planned] = plan([a], [result], current, options).cells;
      return [planned!.status, planned!.action];
    };
    expect(status(paused())).toEqual([{ state: 'paused', epoch: 2 }, 'skip']);
    expect(status(paused(), {}, { ...now, engines: [other], otherEngines: [engine] })).toEqual([
      { state: 'paused', epoch: 2, engine: 'wasm' },
      'skip',
    ]);
    const changed = { ...now, fingerprintOf: () => 'e'.repeat(16) };
    expect(status(paused(), { rerunStale: true }, changed)).toMatchObject([
      { state: 'stale', unfinished: true },
      'skip',
    ]);
  });

  it('runs failed cells again only when told, from their last epoch', () => {
    const failed = [stored(a, { state: 'failed', epochs: 2 })];
    expect(plan([a], failed, now, { retryFailed: true }).cells[0]).toMatchObject({
      action: 'run',
      fromEpoch: 2,
    });
  });

  it.each([
    [
      'the data',
      { ...now, fingerprintOf: () => 'e'.repeat(16) },
      'the data changed (fingerprint ffffffff → eeeeeeee)',
    ],
    ['the trainer', { ...now, trainerVersionOf: () => '2' }, 'the trainer changed (version 1 → 2)'],
  ])(
    'calls a result stale when %s changed, and reruns it only when told, from the beginning',
    (_, changed, reason) => {
      const results = [stored(a), stored(b, { state: 'interrupted', epochs: 2 })];
      const left = plan([a, b], results, changed);
      expect(left.cells.map(({ status }) => status)).toEqual([
        { state: 'stale', epoch: 4, reasons: [reason] },
        { state: 'stale', epoch: 2, reasons: [reason], unfinished: true },
      ]);
      expect(left.cells.map(({ action }) => action)).toEqual(['skip', 'skip']);
      const again = plan([a, b], results, changed, { rerunStale: true });
      expect(again.cells.map(({ action, fromEpoch }) => [action, fromEpoch])).toEqual([
        ['run', 0],
        ['run', 0],
      ]);
    },
  );

  describe('on another engine', () => {
    const other = { ...now, engines: [{ name: 'tensorflow' as const, version: '2' }] };
    const change = 'the engine changed (wasm 4.22.0 → tensorflow 2)';
    const results = [
      stored(a),
      stored(b, { state: 'interrupted', epochs: 2 }),
      stored(c, { state: 'queued', epochs: 3 }),
      stored(d, { state: 'failed', epochs: 1, attempts: 2 }),
    ];
    const short = (changed: CurrentProvenance) =>
      plan([a, b, c, d], results, changed).cells.map(({ status, action, fromEpoch }) => [
        status,
        action,
        fromEpoch,
      ]);
    const failed = [{ state: 'failed', epoch: 1, failure: undefined, attempts: 2 }, 'skip', 0];

    it('keeps what is done as stale, and goes on with what is not', () => {
      expect(short(other)).toEqual([
        [{ state: 'stale', epoch: 4, reasons: [change] }, 'skip', 0],
        [{ state: 'interrupted', epoch: 2, engineChange: change }, 'run', 2],
        [{ state: 'interrupted', epoch: 3, engineChange: change }, 'run', 3],
        failed,
      ]);
    });

    it('keeps what is done as it is where slots with whatever engine may come', () => {
      expect(short({ ...other, othersMayCome: true })).toEqual([
        [{ state: 'completed' }, 'skip', 0],
        [{ state: 'interrupted', epoch: 2, engineChange: change }, 'run', 2],
        [{ state: 'interrupted', epoch: 3, engineChange: change }, 'run', 3],
        failed,
      ]);
      const whole = [stored(b, { state: 'interrupted', epochs: 4 })];
      expect(plan([b], whole, { ...other, othersMayCome: true }).cells[0]!.action).toBe('run');
      expect(plan([b], whole, other).cells[0]!.action).toBe('skip');
    });

    it('goes on with the old one where the slots have it, too', () => {
      expect(short({ ...other, otherEngines: [engine] })).toEqual([
        [{ state: 'stale', epoch: 4, reasons: [change] }, 'skip', 0],
        [{ state: 'interrupted', epoch: 2, engine: 'wasm' }, 'run', 2],
        [{ state: 'interrupted', epoch: 3, engine: 'wasm' }, 'run', 3],
        failed,
      ]);
      const newer = [{ ...engine, version: '5' }];
      expect(short({ ...other, otherEngines: newer })[1]![0]).toMatchObject({ engineChange: change });
    });
  });

  it('runs what was queued by hand, from the beginning where it is stale', () => {
    const queued = [stored(a, { state: 'queued' }), stored(b, { state: 'queued', epochs: 2 })];
    const { cells } = plan([a, b], queued, { ...now, trainerVersionOf: () => '2' });
    expect(cells.map(({ status, action, fromEpoch }) => [status.state, action, fromEpoch])).toEqual([
      ['stale', 'run', 0],
      ['stale', 'run', 0],
    ]);
    const other = {
      ...now,
      engines: [{ name: 'tensorflow' as const, version: '2' }],
      otherEngines: [engine],
    };
    expect(plan([a], queued, other).cells[0]).toMatchObject({ status: { state: 'stale' }, action: 'run' });
  });

  it('calls a result of the native engine stale where oneDNN is on now and was not, and only there', () => {
    const native = { name: 'tensorflow' as const, version: '2' };
    const reasons = (
      then: CpuFeatures | undefined,
      flags: string[],
      oneDnn: boolean,
      device = 'cpu x1 thread',
    ) => {
      const was = { ...native, device, ...(then && { cpu: then }) };
      const result = stored(a, {
        provenance: { dataFingerprint: 'f'.repeat(16), trainerVersion: '1', engine: was },
      });
      const { status } = plan([a], [result], { ...now, engines: [{ ...native, cpu: { oneDnn, flags } }] })
        .cells[0]!;
      return status.state === 'stale' ? status.reasons : status.state;
    };
    const on = { oneDnn: true, flags: [] };
    expect(reasons(undefined, ['avx2', 'avx512f'], true)).toEqual([
      expect.stringMatching(/^TensorFlow uses oneDNN now, which it did not/),
    ]);
    expect(reasons(on, ['avx512_vnni'], false)).toEqual([
      expect.stringMatching(/^TensorFlow does not use oneDNN now/),
    ]);
    expect(reasons(undefined, ['avx2', 'avx512_vnni'], true)).toBe('completed');
    expect(reasons(on, ['avx2'], true)).toBe('completed');
    expect(reasons(undefined, ['avx2'], true, 'NVIDIA H100')).toBe('completed');
  });

  it('calls nothing stale of which nothing is known, nor for another device or one of several engines', () => {
    const elsewhere = {
      ...now,
      engines: [{ name: 'tensorflow' as const, version: '2' }, engine],
      fingerprintOf: () => undefined,
    };
    const other = stored(a, {
      provenance: { dataFingerprint: 'x', trainerVersion: '1', engine: { ...engine, device: 'H100' } },
    });
    expect(plan([a], [other], elsewhere).counts.completed).toBe(1);
    expect(plan([a], [stored(a, { provenance: null })], now).counts.completed).toBe(1);
    expect(plan([a], [stored(a)], undefined).counts.completed).toBe(1);
  });

  it('lists results that are no longer in the grid', () => {
    expect(plan([a], [stored(b), stored(a)], now).removed.map(({ cellId }) => cellId)).toEqual([b.cellId]);
  });
});

describe('estimate', () => {
  const sized = cellsOf(
    `${base}train: {epochs: 4}\naxes: {model: [resnet20, resnet18], train.batchSize: [8, 64, 128]}\n`,
  );
  const [small, middle, large] = sized as [Cell, Cell, Cell];

  it('takes the epoch of like cells with the nearest batch size', () => {
    const results = [stored(small), stored(large, { state: 'interrupted', epochs: 3 })];
    const medians = new Map([
      [small.cellId, 10.5],
      [large.cellId, 5],
    ]);
    const times = measuredEpochTimes([...results, stored(middle)], medians);
    expect(times.map(({ spec, seconds }) => [spec, seconds])).toEqual([
      [small.spec, 10.5],
      [large.spec, 5],
    ]);
    expect(estimate(plan(sized, results, now), times, 2, 'wasm')).toEqual({
      cells: 5,
      epochs: 4 + 1 + 3 * 4,
      seconds: 4 * 5 + 1 * 5,
      finishSeconds: 20,
      unknownCells: 3,
      unknownEpochs: 12,
    });
    expect(plan(sized, results, now).cells[1]!.cell).toBe(middle);
  });

  it('does not take the times of another engine', () => {
    const times = measuredEpochTimes([stored(small)], new Map([[small.cellId, 1]]));
    expect(estimate(plan([middle], [], now), times, 1, 'tensorflow')).toMatchObject({
      unknownCells: 1,
      seconds: 0,
      finishSeconds: 0,
    });
  });

  it('does not take an epoch without SAM for one with it', () => {
    const [without, with_] = cellsOf(`${base}axes: {optimizer.sam: [null, {rho: 0.1}]}\n`) as [Cell, Cell];
    const times = measuredEpochTimes([stored(without)], new Map([[without.cellId, 1]]));
    expect(estimate(plan([with_], [], now), times, 1)).toMatchObject({ unknownCells: 1 });
  });

  it('fills the slots, longest cells first', () => {
    const times = [3, 5].map((seconds, index) => ({ spec: sized[3 * index]!.spec, seconds }));
    expect(estimate(plan(sized, [], now), times, 2)).toMatchObject({
      seconds: 96,
      finishSeconds: 52,
      unknownCells: 0,
    });
    expect(estimate(plan(sized, [], now), times, 100).finishSeconds).toBe(20);
    expect(estimate(plan([], [], now), times, 4).finishSeconds).toBe(0);
  });
});
