import { describe, expect, it } from 'vitest';
import { dominatingLabels, targetRows } from '../../training/targets.js';

describe('targets', () => {
  const labels = Int32Array.of(0, 2);
  const permutation = Int32Array.of(1, 0);

  it('are smoothed as in torch.nn.CrossEntropyLoss', () => {
    const rows = Array.from(targetRows(labels, 4, 0.2, null));
    const expected = [0.85, 0.05, 0.05, 0.05, 0.05, 0.05, 0.85, 0.05];
    for (const [index, value] of expected.entries()) expect(rows[index]).toBeCloseTo(value, 6);
  });

  it('are dominated by the label with the larger share', () => {
    expect(dominatingLabels(labels, null)).toEqual(labels);
    expect(dominatingLabels(labels, { kind: 'mixUp', lambda: 0.6, permutation })).toEqual(labels);
    expect(dominatingLabels(labels, { kind: 'mixUp', lambda: 0.4, permutation })).toEqual(
      Int32Array.of(2, 0),
    );
  });
});
