import { describe, expect, it } from 'vitest';
import type { Stopping } from '../../domain/stopping.js';
import { noRows, type StoppableCell } from '../../stopping/cells.js';
import { decide } from '../../stopping/decide.js';
import { accuracy, cell, type Fate, halving, kept, rowsAfter, rowsAt, train } from './field.js';

/** Nine cells, the later the better; each gains a tenth in nine epochs. */
const nine = [...'abcdefghi'].map(name => cell(name));
const rising = Object.fromEntries(
  nine.map(({ cellId }, place): [string, Fate] => [
    cellId,
    { curve: Array.from({ length: 9 }, (_, epoch) => place / 10 + epoch / 100) },
  ]),
);
const at = (epochs: Record<string, number>, stopping: Stopping = halving(), cells = nine) =>
  decide(stopping, accuracy, cells, rowsAt(rising, epochs));

const all = (epochs: number) => Object.fromEntries(nine.map(({ cellId }) => [cellId, epochs]));

describe('halving', () => {
  it('trains every cell to the first rung', () => {
    expect([...at({}).values()]).toEqual(nine.map(() => ({ next: 'goOn', until: 1 })));
  });

  it('pauses whom it can’t decide on yet, stops once k are better, and lets go on once N - k are worse', () => {
    const undecided = at({ a: 1, i: 1 });
    expect(undecided.get('a')).toMatchObject({ next: 'wait', epoch: 1, carryTo: 3, order: 0 });
    expect(undecided.get('i')).toMatchObject({ next: 'wait', epoch: 1, order: 0.8 });
    const three = at({ a: 1, b: 1, c: 1, d: 1 });
    expect(three.get('a')).toEqual({
      next: 'stop',
      reason: { rule: 'halving', epoch: 1, epochs: 9, value: 0, rank: 4, of: 9, cutOff: 0.1, margin: 0 },
    });
    expect(three.get('b')).toMatchObject({ next: 'wait' });
    // Six are worse: whatever the other two come to, it is among three.
    expect(at({ ...all(1), h: 0, i: 0 }).get('g')).toEqual({ next: 'goOn', until: 3 });
    expect(at({ ...all(1), h: 0, i: 0 }).get('f')).toMatchObject({ next: 'wait' });
  });

  it('keeps ⌈keep · N⌉ at each rung, two at least', () => {
    expect(kept(at(all(1)))).toEqual(['g', 'h', 'i']);
    expect(kept(train(halving(), nine, rising, () => 0).decisions)).toEqual(['h', 'i']);
    expect(kept(train(halving({ keep: 0.01 }), nine, rising, () => 0).decisions)).toEqual(['h', 'i']);
    expect(kept(train(halving({ keep: 0.5 }), nine, rising, () => 0).decisions)).toEqual(['g', 'h', 'i']);
  });

  it('lets go on who is within the margin', () => {
    expect(kept(at(all(1), halving({ margin: 0.15 })))).toEqual(['f', 'g', 'h', 'i']);
    // One standard error of the difference: sqrt(.6 * .4 / 10 + .5 * .5 / 10) is .221, sqrt(.6 * .4 / 10 + .3 * .7 / 10) .212.
    const ten = nine.map(one => ({ ...one, images: 10 }));
    expect(kept(at(all(1), halving({ margin: 'auto' }), ten))).toEqual(['e', 'f', 'g', 'h', 'i']);
    expect(at(all(1), halving({ margin: 'auto' }), ten).get('d')).toMatchObject({
      next: 'stop',
      reason: { rank: 6, cutOff: 0.6, margin: Math.sqrt((0.6 * 0.4 + 0.3 * 0.7) / 10) },
    });
  });

  it('judges configurations by the mean of their seeds, and by their pooled deviation once all are known', () => {
    const seeds = ['a', 'b', 'c', 'd', 'e', 'f'].flatMap(family =>
      [0, 1].map(seed => cell(`${family}${seed}`, { family })),
    );
    const values: Record<string, number> = { a: 0.1, b: 0.2, c: 0.3, d: 0.4, e: 0.5, f: 0.6 };
    const fates = Object.fromEntries(
      seeds.map(({ cellId, family }, index): [string, Fate] => [
        cellId,
        { curve: Array.from({ length: 9 }, () => values[family]! + (index % 2) * 0.1) },
      ]),
    );
    const done = (count: number) =>
      rowsAt(fates, Object.fromEntries(seeds.slice(0, count).map(({ cellId }) => [cellId, 1])));
    const stopping = halving({ margin: 'auto' });
    expect(kept(decide(stopping, accuracy, seeds, done(10)))).toHaveLength(12);
    // The deviation is .0707 of a seed and so of the difference of two means: .5 goes on, .4 is .1 behind it.
    expect(kept(decide(stopping, accuracy, seeds, done(12)))).toEqual(['e0', 'e1', 'f0', 'f1']);
    const first = decide(halving({ seeds: 'first' }), accuracy, seeds, new Map());
    expect(first.get('a0')).toEqual({ next: 'goOn', until: 1 });
    expect(first.get('a1')).toMatchObject({ next: 'wait', epoch: 0, order: null });
    const { done: trained } = train(halving({ seeds: 'first', idle: 'wait' }), seeds, fates, () => 0);
    expect([...trained].filter(([, epochs]) => epochs === 9).map(([name]) => name)).toEqual([
      ...['e0', 'e1', 'f0', 'f1'],
    ]);
    expect(trained.get('a1')).toBe(0);
  });

  it('counts whoever fails for good as worst', () => {
    const fates = { ...rising, i: { ...rising.i!, failsAfter: 0 } };
    const rows = rowsAt(fates, { ...all(1), g: 0, h: 0, i: 0 });
    // Of the two that are still to come and the failed one the two may be better.
    expect(decide(halving(), accuracy, nine, rows).get('f')).toEqual({ next: 'goOn', until: 3 });
    expect(decide(halving(), accuracy, nine, rows).get('e')).toMatchObject({ next: 'wait' });
    expect(kept(train(halving(), nine, fates, () => 0).decisions)).toEqual(['g', 'h']);
  });

  it('leaves out what the user has taken out, and stops nobody for a lost slot', () => {
    const rows = rowsAt(rising, { ...all(1), i: 0 });
    rows.set('i', { ...noRows, isOut: true });
    // Eight are left, three of which go on.
    expect(kept(decide(halving(), accuracy, nine, rows)).filter(name => name !== 'i')).toEqual([
      'f',
      'g',
      'h',
    ]);
  });

  it('ends NaN and chance level at once, unless too few others are there', () => {
    const chance = nine.map(one => ({ ...one, chance: 0.1, images: 100 }));
    const fates: Record<string, Fate> = { ...rising, i: { curve: [null, ...rising.i!.curve.slice(1)] } };
    const alone = (name: string, stopping = halving()) =>
      decide(stopping, accuracy, chance, new Map([[name, rowsAfter(fates[name]!, 1)]])).get(name);
    expect(alone('i')).toMatchObject({ next: 'stop', reason: { rule: 'diverged', value: null } });
    expect(alone('b')).toMatchObject({
      next: 'stop',
      reason: { rule: 'diverged', value: 0.1, rank: 1, of: 9 },
    });
    expect(alone('c')).toMatchObject({ next: 'wait' });
    expect(alone('b', halving({ diverged: 'ignore' }))).toMatchObject({ next: 'wait' });
    const flat = { curve: Array.from({ length: 9 }, () => 0.1) };
    const flats = Object.fromEntries(chance.map(({ cellId }) => [cellId, flat]));
    expect(kept(train(halving(), chance, flats, () => 0).decisions)).toHaveLength(9);
  });

  it('compares within the values of an axis, and never stops a baseline', () => {
    const cells = nine.map((one, place) =>
      cell(one.cellId, { labels: { model: place < 4 ? 'small' : 'large', name: one.cellId } }),
    );
    expect(kept(at(all(1), halving({ within: ['model'] }), cells))).toEqual(['c', 'd', 'h', 'i']);
    expect(kept(at(all(1), halving({ never: [{ name: ['a', 'b'], model: ['small'] }] }), cells))).toEqual([
      ...['a', 'b', 'g', 'h', 'i'],
    ]);
    expect(at({}, halving({ never: [{ name: ['a'] }] }), cells).get('a')).toEqual({
      next: 'goOn',
      until: null,
    });
  });

  it('minimizes where the objective is a loss', () => {
    const loss = { metric: 'validationLoss', direction: 'minimize' } as const;
    const decisions = decide(halving(), loss, nine, rowsAt(rising, all(1)));
    expect(kept(decisions)).toEqual(['a', 'b', 'c']);
    expect(decisions.get('i')).toMatchObject({ reason: { value: 0.8, rank: 9, of: 9, cutOff: 0.2 } });
  });

  it('compares no cell in its warm-up, nor each at another share of its epochs', () => {
    const long = (epochs: number, warmupEpochs = 0): StoppableCell => cell('x', { epochs, warmupEpochs });
    const until = (one: StoppableCell, change: Partial<Stopping>) =>
      decide(halving(change), accuracy, [one, cell('y', { epochs: 100 })], new Map()).get('x');
    expect(until(long(30), { after: 'warmup' })).toEqual({ next: 'goOn', until: 4 });
    expect(until(long(30, 5), { after: 'warmup' })).toEqual({ next: 'goOn', until: 7 });
    expect(until(long(9), { after: 'warmup' })).toEqual({ next: 'goOn', until: 3 });
    expect(until(long(31), {})).toEqual({ next: 'goOn', until: 4 });
    expect(until(long(30), { rungs: [{ epoch: 5 }] })).toEqual({ next: 'goOn', until: 5 });
    expect(until(long(4), { rungs: [{ epoch: 5 }] })).toEqual({ next: 'goOn', until: null });
  });
});
