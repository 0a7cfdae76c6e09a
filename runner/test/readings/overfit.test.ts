import { describe, expect, it } from 'vitest';
import type { CellCurves } from '../../readings/curves.js';
import { chanceGap, gapsOf, overfitSince } from '../../readings/overfit.js';

describe('the overfit watch', () => {
  it.each([
    ['grows from epoch 5 on', [0, 0, 0, 0, 0.02, 0.05, 0.08, 0.12, 0.2], 5],
    ['grows from the beginning', [0.01, 0.02, 0.03, 0.04, 0.05], 1],
    ['grew and closes again', [0.01, 0.05, 0.1, 0.15, 0.2, 0.02, 0, 0, 0], null],
    ['is wide and stays so', [0.3, 0.3, 0.3, 0.3, 0.3, 0.3], null],
    ['is that of validation ahead', [-0.3, -0.2, -0.15, -0.1, -0.05, -0.01], null],
    ['is too short to tell', [0.1, 0.2, 0.3], null],
    ['is missing in an epoch', [0.1, Number.NaN, 0.2, 0.3, 0.4, 0.5], null],
    ['is empty', [], null],
  ])('a gap that %s', (_, gaps, epoch) => {
    expect(overfitSince(gaps)).toBe(epoch);
  });

  it('begins where a gap is wider than that of chance', () => {
    const gaps = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1];
    // Running means: 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, …
    expect(overfitSince(gaps, 0.045)).toBe(6);
    const accuracy = { metric: 'emaValidationAccuracy', direction: 'maximize' } as const;
    expect(chanceGap(accuracy, 400)).toBe(0.05);
    expect(chanceGap(accuracy, null)).toBe(0);
    expect(chanceGap({ metric: 'validationLoss', direction: 'minimize' }, 400)).toBe(0);
  });

  it('takes what is trained for the counterpart of the averaged weights', () => {
    const curves = new Map([
      ['trainAccuracy', [[1, 0.75]] as const],
      ['emaValidationAccuracy', [[1, 0.5]] as const],
    ]);
    const objective = { metric: 'emaValidationAccuracy', direction: 'maximize' } as const;
    expect(gapsOf([curves], objective)).toEqual([0.25]);
  });

  it('sees through noise smaller than the growth', () => {
    const gaps = Array.from(
      { length: 30 },
      (_, e) => Math.max(0, e - 9) * 0.02 + (e % 2 === 0 ? 0.01 : -0.01),
    );
    const since = overfitSince(gaps)!;
    expect(since).toBeGreaterThanOrEqual(9);
    expect(since).toBeLessThanOrEqual(14);
  });

  const losses = (...epochs: [train: number | null, validation: number][]): CellCurves =>
    new Map([
      ['trainLoss', epochs.map(([train], i) => [i + 1, train] as const)],
      ['validationLoss', epochs.map(([, validation], i) => [i + 1, validation] as const)],
    ]);
  const loss = { metric: 'validationLoss', direction: 'minimize' } as const;

  it('takes the mean over seeds; less is better of losses', () => {
    const cells = [losses([1, 1.5], [0.5, 1.5]), losses([1, 1.25])];
    expect(gapsOf(cells, loss)).toEqual([0.375, 1]);
  });

  it('leaves out what was no number', () => {
    expect(gapsOf([losses([null, 1], [1, 2])], loss)).toEqual([Number.NaN, 1]);
  });

  it('says nothing of an objective without a training counterpart', () => {
    expect(gapsOf([losses([1, 2])], { metric: 'trainLoss', direction: 'minimize' })).toEqual([]);
  });
});
