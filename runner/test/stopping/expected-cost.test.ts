import { expect, it } from 'vitest';
import { expectedCost } from '../../stopping/expected-cost.js';
import { accuracy, cell, halving } from './field.js';

const cells = (count: number, change = {}) =>
  Array.from({ length: count }, (_, at) => cell(`c${at}`, { epochs: 27, ...change }));

it('is Σ kept · (rung after it - rung): of 36 cells 12 and 4', () => {
  expect(expectedCost(halving(), accuracy, cells(36), () => 2)).toEqual({
    configurations: 36,
    rungs: [
      { epochs: [3, 3], goOn: 12 },
      { epochs: [9, 9], goOn: 4 },
    ],
    epochs: { without: 972, with: 36 * 3 + 12 * 6 + 4 * 18 },
    seconds: { without: 1944, with: 504 },
  });
});

it('weighs each cell by its own seconds, and knows none where those of one aren’t known', () => {
  const seconds = (cellId: string) => (cellId === 'c0' ? 37 : 1);
  const { seconds: cost } = expectedCost(halving(), accuracy, cells(36), seconds);
  // Each is as likely to go on as any other: its own 36 seconds more count by 252/972.
  expect(cost!.without).toBe(972 + 36 * 27);
  expect(cost!.with).toBeCloseTo(252 + 36 * 7, 8);
  const unknown = expectedCost(halving(), accuracy, cells(36), id => (id === 'c0' ? undefined : 1));
  expect(unknown.seconds).toBeNull();
});

it('counts those that are never stopped, groups, and seeds that begin later', () => {
  const never = [{ name: ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'] }];
  const baselines = expectedCost(halving({ never }), accuracy, cells(9), () => 1);
  // ⌈9 / 3⌉ is less than the six.
  expect(baselines.rungs.map(({ goOn }) => goOn)).toEqual([6, 6]);
  expect(baselines.epochs.with).toBe(6 * 27 + 3 * 3);
  const two = cells(18).map((each, at) => ({ ...each, labels: { model: at % 2 ? 'a' : 'b' } }));
  expect(expectedCost(halving({ within: ['model'] }), accuracy, two, () => 1).rungs[0]!.goOn).toBe(6);
  const seeds = cells(18).map((each, at) => ({ ...each, family: `f${at >> 1}` }));
  const later = expectedCost(halving({ seeds: 'first' }), accuracy, seeds, () => 1);
  // Of nine 3 and 2; the second seeds of these two come at the end.
  expect(later.epochs.with).toBeCloseTo(9 * 3 + 3 * 6 + 2 * 18 + 2 * 27, 8);
});

it('spares nothing where no rung comes before the end', () => {
  const { rungs, epochs } = expectedCost(halving({ after: 27 }), accuracy, cells(9), () => 1);
  expect({ rungs, epochs }).toEqual({ rungs: [], epochs: { without: 243, with: 243 } });
});
