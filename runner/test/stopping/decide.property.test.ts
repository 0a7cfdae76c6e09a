import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Stopping } from '../../domain/stopping.js';
import { type Decision, decide } from '../../stopping/decide.js';
import { accuracy, cell, type Fate, halving, kept, rowsAfter, train } from './field.js';

const epochs = 9;
const value = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 0, max: 40 }).map(n => n / 40) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const fate: fc.Arbitrary<Fate> = fc.record({
  curve: fc.array(value, { minLength: epochs, maxLength: epochs }),
  failsAfter: fc.option(fc.nat(epochs - 1), { nil: undefined, freq: 6 }),
});

/** Configurations of some seeds in two groups. */
const field = fc
  .tuple(
    fc.array(fc.tuple(fc.array(fate, { minLength: 1, maxLength: 3 }), fc.constantFrom('a', 'b')), {
      minLength: 1,
      maxLength: 12,
    }),
    fc.boolean(),
  )
  .map(([families, hasSeeds]) => {
    const fates: Record<string, Fate> = {};
    const cells = families.flatMap(([seeds, model], family) =>
      (hasSeeds ? seeds : seeds.slice(0, 1)).map((one, seed) => {
        const name = `${family}.${seed}`;
        fates[name] = one;
        return cell(name, {
          family: `${family}`,
          labels: { model, family: `${family}` },
          images: 40,
          chance: 0.1,
        });
      }),
    );
    return { cells, fates };
  });
const block: fc.Arbitrary<Stopping> = fc
  .record({
    rungs: fc.constantFrom<Stopping['rungs']>(
      [{ part: 1, of: 9 }],
      [
        { part: 1, of: 9 },
        { part: 1, of: 3 },
      ],
      [{ epoch: 2 }, { epoch: 4 }, { epoch: 6 }],
    ),
    keep: fc.constantFrom(1 / 3, 1 / 2, 0.1, 0.9),
    after: fc.constantFrom<Stopping['after']>('warmup', 0),
    value: fc.constantFrom<Stopping['value']>('best', 'last', 'median3'),
    margin: fc.constantFrom<Stopping['margin']>('auto', 0, 0.05),
    seeds: fc.constantFrom<Stopping['seeds']>('together', 'first'),
    within: fc.constantFrom<readonly string[]>([], ['model']),
    never: fc.constantFrom<Stopping['never']>([], [{ family: ['0'] }]),
    diverged: fc.constantFrom<Stopping['diverged']>('stop', 'ignore'),
  })
  .map(halving);
/** Whose turn it is, drawn ahead. */
const order = fc.array(fc.nat(1000), { minLength: 40, maxLength: 40 }).map(draws => {
  let turn = 0;
  return (count: number) => draws[turn++ % draws.length]! % count;
});

describe('halving', () => {
  it('keeps the same cells in every order, whatever a runner forgets, with idle slots or without', () => {
    fc.assert(
      fc.property(
        block,
        field,
        fc.array(fc.tuple(order, fc.integer({ min: 1, max: 7 }), fc.boolean())),
        (stopping, { cells, fates }, ways) => {
          const { decisions } = train(stopping, cells, fates, () => 0);
          expect([...decisions.values()].some(({ next }) => next === 'wait')).toBe(false);
          for (const [choose, lookEvery, idles] of ways) {
            const way: Stopping = { ...stopping, idle: idles ? 'continue' : 'wait' };
            const other = train(way, cells, fates, choose, lookEvery);
            expect(kept(other.decisions)).toEqual(kept(decisions));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('never takes back, as more is known, that a cell goes on', () => {
    fc.assert(
      fc.property(block, field, order, (stopping, { cells, fates }, choose) => {
        const { decisions } = train(stopping, cells, fates, () => 0);
        const rows = new Map(
          cells.map(({ cellId }) => [cellId, rowsAfter(fates[cellId]!, choose(epochs + 1))]),
        );
        const partial = decide(stopping, accuracy, cells, rows);
        const isThrough = (decision: Decision) => decision.next === 'goOn' && decision.until === null;
        for (const [cellId, decision] of partial)
          if (isThrough(decision)) expect([cellId, decisions.get(cellId)!.next]).toEqual([cellId, 'goOn']);
      }),
      { numRuns: 150 },
    );
  });

  it('comes out as if nothing had been run before when the grid grows', () => {
    fc.assert(
      fc.property(block, field, field, order, order, (stopping, before, added, first, second) => {
        const more = added.cells.map(one => ({ ...one, cellId: `+${one.cellId}`, family: `+${one.family}` }));
        const cells = [...before.cells, ...more];
        const fates = {
          ...before.fates,
          ...Object.fromEntries(more.map(({ cellId }) => [cellId, added.fates[cellId.slice(1)]!])),
        };
        const alone = train(stopping, before.cells, before.fates, first);
        const grown = train(stopping, cells, fates, second);
        // What was trained of the smaller grid is there already.
        const rows = new Map(
          cells.map(({ cellId }) => [
            cellId,
            rowsAfter(fates[cellId]!, Math.max(grown.done.get(cellId)!, alone.done.get(cellId) ?? 0)),
          ]),
        );
        expect(kept(decide(stopping, accuracy, cells, rows))).toEqual(kept(grown.decisions));
      }),
      { numRuns: 100 },
    );
  });
});
