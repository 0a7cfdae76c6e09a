import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngineInfo } from '../../../../trainer/contract/events.js';
import { Breakers } from '../../../scheduler/breakers.js';
import {
  choose,
  type FreeSlot,
  fitsTime,
  heldCell,
  isNearlyOver,
  type Waiting,
} from '../../../scheduler/placement/choose.js';
import { longestFirstShortens } from '../../../scheduler/placement/longest-first.js';

const cell = (rest: Partial<Waiting> = {}): Waiting => ({
  ...{ epochSeconds: undefined, epochsLeft: 10, priority: 0, model: 'a', outgrew: undefined },
  ...{ precision: 'float32', begunOn: undefined, data: 'd', isAlone: false, megabytesOn: () => undefined },
  ...rest,
});
const slot = (secondsLeft = Number.POSITIVE_INFINITY, memoryMegabytes?: number): FreeSlot => ({
  secondsLeft,
  memoryMegabytes,
  engine: { seen: undefined, offered: undefined },
  data: undefined,
});
const none = () => false;

describe('choose', () => {
  it('takes the first cell and the first slot where all fit', () => {
    expect(choose([cell(), cell()], [slot(), slot()], none, 0)).toEqual({ cell: 0, slot: 0 });
    expect(choose([], [slot()], none, 0)).toBeUndefined();
    expect(choose([cell()], [], none, 0)).toBeUndefined();
  });

  it('gives a slot the cell that it went on with by itself, whatever comes before', () => {
    const waiting = ['a', 'b', 'c'].map(id => ({ id }));
    expect(heldCell(waiting, [{}, { holds: [] }, { holds: ['x', 'c'] }])).toEqual({ cell: 2, slot: 2 });
    expect(heldCell(waiting, [{}, { holds: ['x'] }])).toBeUndefined();
    expect(heldCell([], [{ holds: ['a'] }])).toBeUndefined();
  });

  it('lets a cell wait while its model is on trial, if another of its priority can go', () => {
    const isOnTrial = (model: string) => model === 'a';
    expect(choose([cell(), cell({ model: 'b' })], [slot()], isOnTrial, 0)!.cell).toBe(1);
    // No slot is left idle for it, and no cell that the user prefers waits.
    expect(choose([cell(), cell()], [slot()], isOnTrial, 0)!.cell).toBe(0);
    expect(choose([cell({ priority: 1 }), cell({ model: 'b' })], [slot()], isOnTrial, 0)!.cell).toBe(0);
    expect(choose([cell(), cell({ model: 'b', epochSeconds: 100 })], [slot(50)], isOnTrial, 0)!.cell).toBe(0);
  });

  it('gives a slot whose time ends what fits it: all that is left of a cell, or a few epochs', () => {
    const long = cell({ epochSeconds: 100, epochsLeft: 10 });
    const short = cell({ epochSeconds: 100, epochsLeft: 1 });
    expect(choose([long, short], [slot(200)], none, 0)).toEqual({ cell: 1, slot: 0 });
    expect(choose([long, short], [slot(200), slot(400)], none, 0)).toEqual({ cell: 0, slot: 1 });
    expect(choose([long], [slot(200)], none, 0)).toBeUndefined();
    expect(fitsTime(cell(), 31)).toBe(true);
    expect(fitsTime(cell(), 0)).toBe(false);
    expect([isNearlyOver(125, 100), isNearlyOver(135, 100), isNearlyOver(20, undefined)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  it('gives a cell that ran out of memory a larger slot alone, as long as there is one', () => {
    const outgrown = cell({ outgrew: 1000 });
    expect(choose([outgrown, cell()], [slot(undefined, 1000)], none, 2000)!.cell).toBe(1);
    expect(choose([outgrown], [slot(undefined, 1000), slot(undefined, 2000)], none, 2000)!.slot).toBe(1);
    expect(choose([outgrown], [slot(undefined, 1000)], none, 1000)!.cell).toBe(0);
    expect(choose([outgrown], [slot()], none, 2000)).toBeUndefined();
  });

  it('prefers a slot whose machine has the data, among those with the engine', () => {
    const has = (...data: string[]): FreeSlot => ({ ...slot(), data: new Set(data) });
    expect(choose([cell()], [has(), has('other'), has('d')], none, 0)!.slot).toBe(2);
    expect(choose([cell()], [has(), slot()], none, 0)!.slot).toBe(1);
    // None is idle for that.
    expect(choose([cell()], [has()], none, 0)!.slot).toBe(0);
    const wasm = { name: 'wasm', version: '4', device: 'cpu x1 thread' } as const;
    const begun = cell({ begunOn: wasm });
    const its = { ...has(), engine: { seen: wasm, offered: undefined } };
    const other = { ...has('d'), engine: { seen: { ...wasm, device: 'T4' }, offered: undefined } };
    expect(choose([begun], [other, its], none, 0)!.slot).toBe(1);
    expect(choose([begun], [its, { ...its, data: new Set(['d']) }], none, 0)!.slot).toBe(1);
  });

  describe('of engines', () => {
    const wasm = { name: 'wasm', version: '4', device: 'cpu x1 thread' } as const;
    const native = { name: 'tensorflow', version: '2', device: 'T4' } as const;
    const on = (seen: EngineInfo | undefined, offered?: EngineInfo): FreeSlot => ({
      ...slot(),
      engine: { seen, offered: offered && { ...offered, precisions: ['float32'] } },
    });
    const begun = cell({ begunOn: wasm });
    const twoThreads = { ...wasm, device: 'cpu x2 threads' };
    const chosen = (waiting: Waiting[], free: FreeSlot[], busy: FreeSlot[] = []) =>
      choose(
        waiting,
        free,
        none,
        0,
        busy.map(({ engine }) => engine),
      );

    it('prefers that which a cell was begun on, with as many threads, then what isn’t known', () => {
      expect(chosen([begun], [on(native), on(twoThreads), on(undefined), on(wasm)])!.slot).toBe(3);
      expect(chosen([begun], [on(native), on(twoThreads), on(undefined)])!.slot).toBe(2);
      expect(chosen([begun], [on(undefined, native), on(undefined, wasm)])!.slot).toBe(1);
      expect(chosen([begun], [on(native)])!.slot).toBe(0);
      // One that begins is at home everywhere.
      expect(chosen([cell()], [on(native), on(wasm)])!.slot).toBe(0);
    });

    it('lets a cell wait for a busy slot of its own, if another of its priority can go', () => {
      expect(chosen([begun, cell()], [on(native)], [on(wasm)])!.cell).toBe(1);
      expect(chosen([begun], [on(native)], [on(wasm)])!.cell).toBe(0);
      expect(chosen([begun, cell()], [on(native)], [on(native)])!.cell).toBe(0);
      expect(chosen([cell({ begunOn: wasm, priority: 1 }), cell()], [on(native)], [on(wasm)])!.cell).toBe(0);
    });

    it('gives no cell to one that lacks its number format', () => {
      const half = cell({ precision: 'bfloat16' });
      expect(chosen([half], [on(undefined, wasm)])).toBeUndefined();
      expect(chosen([half, cell()], [on(undefined, wasm)])!.cell).toBe(1);
      expect(chosen([half], [on(undefined, wasm), on(undefined)])!.slot).toBe(1);
    });
  });

  it('what it chooses fits, and it finds something wherever something fits', () => {
    const cells = fc.array(
      fc.record({
        epochSeconds: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
        epochsLeft: fc.integer({ min: 1, max: 5 }),
        priority: fc.integer({ min: 0, max: 1 }),
        model: fc.constantFrom('a', 'b'),
        outgrew: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
        precision: fc.constant('float32' as const),
        begunOn: fc.constant(undefined),
        data: fc.constant('d'),
        isAlone: fc.constant(false),
        megabytesOn: fc.constant(() => undefined),
      }),
      { maxLength: 6 },
    );
    const slots = fc.array(
      fc.record({
        secondsLeft: fc.integer({ min: 0, max: 400 }),
        memoryMegabytes: fc.integer({ min: 1, max: 4 }),
        engine: fc.constant({ seen: undefined, offered: undefined }),
        data: fc.constant(undefined),
      }),
      { maxLength: 4 },
    );
    fc.assert(
      fc.property(cells, slots, fc.boolean(), (unordered, free, isOnTrial) => {
        const waiting = [...unordered].sort((a, b) => b.priority - a.priority);
        const largest = Math.max(0, ...free.map(({ memoryMegabytes }) => memoryMegabytes));
        const fits = (one: Waiting) =>
          free.some(
            ({ secondsLeft, memoryMegabytes }) =>
              fitsTime(one, secondsLeft) &&
              (one.outgrew === undefined || largest <= one.outgrew || memoryMegabytes > one.outgrew),
          );
        const found = choose(waiting, free, model => isOnTrial && model === 'a', largest);
        expect(found !== undefined).toBe(waiting.some(fits));
        if (found !== undefined)
          expect(waiting.findIndex(one => fits(one) && one.priority > waiting[found.cell]!.priority)).toBe(
            -1,
          );
      }),
    );
  });
});

describe('longest first', () => {
  it('is better where a long cell would come last', () => {
    expect(longestFirstShortens([1, 1, 1, 1, 4], 2)).toBe(true);
    expect(longestFirstShortens([1, 1, 1, undefined, 4], 2)).toBe(true);
  });

  it('is not worth it where the order is as good, one slot works, or nothing is known', () => {
    expect(longestFirstShortens([4, 1, 1, 1, 1], 2)).toBe(false);
    expect(longestFirstShortens([1, 1, 1, 1, 4], 1)).toBe(false);
    expect(longestFirstShortens([2, 2, 2, 2], 2)).toBe(false);
    expect(longestFirstShortens([undefined, undefined, undefined], 2)).toBe(false);
    expect(longestFirstShortens([1, 9], 2)).toBe(false);
    expect(longestFirstShortens([], 2)).toBe(false);
  });
});

describe('breakers', () => {
  const nan = (breakers: Breakers, ...cells: Record<string, string>[]) => {
    for (const labels of cells) breakers.record(JSON.stringify(labels), labels, 'nan');
  };

  it('hold back a value after three of its cells, and say which', () => {
    const breakers = new Breakers();
    nan(breakers, { optimizer: 'lion', model: 'a' }, { optimizer: 'lion', model: 'b' });
    expect(breakers.blames({ optimizer: 'lion', model: 'c' })).toBeUndefined();
    nan(breakers, { optimizer: 'lion', model: 'c' });
    expect(breakers.blames({ optimizer: 'lion', model: 'd' })).toBe('optimizer=lion');
    expect(breakers.blames({ optimizer: 'sgd', model: 'a' })).toBeUndefined();
  });

  it('where values came to NaN only together, hold back those with all of them', () => {
    const breakers = new Breakers();
    nan(breakers, ...['0', '1', '2'].map(seed => ({ optimizer: 'lion', model: 'a', seed })));
    expect(breakers.blames({ optimizer: 'lion', model: 'a', seed: '3' })).toBe('optimizer=lion, model=a');
    expect(breakers.blames({ optimizer: 'lion', model: 'b', seed: '0' })).toBeUndefined();
    expect(breakers.blames({ optimizer: 'sgd', model: 'a', seed: '0' })).toBeUndefined();
    nan(breakers, { optimizer: 'lion', model: 'b', seed: '0' });
    expect(breakers.blames({ optimizer: 'lion', model: 'c', seed: '0' })).toBe('optimizer=lion');
  });

  it('never hold back a value that has succeeded; a cell counts once; a retry is forgiven', () => {
    const breakers = new Breakers();
    breakers.record('ok', { optimizer: 'lion', model: 'z' }, 'success');
    nan(breakers, ...['a', 'b', 'c', 'd'].map(model => ({ optimizer: 'lion', model })));
    expect(breakers.blames({ optimizer: 'lion', model: 'e' })).toBeUndefined();

    const others = new Breakers();
    for (let again = 0; again < 5; again++) nan(others, { optimizer: 'lion', model: 'a' });
    expect(others.blames({ optimizer: 'lion', model: 'a' })).toBeUndefined();
    nan(others, { optimizer: 'lion', model: 'b' }, { optimizer: 'lion', model: 'c' });
    expect(others.blames({ optimizer: 'lion', model: 'd' })).toBe('optimizer=lion');
    others.forget(JSON.stringify({ optimizer: 'lion', model: 'b' }));
    expect(others.blames({ optimizer: 'lion', model: 'd' })).toBeUndefined();
  });
});
