import { expect, test } from 'vitest';
import { warningLines } from '../../terminal/warning-lines.js';

const warning = (cell: number, text: string) => ({
  cell: `${cell}`.repeat(16),
  labels: { seed: `seed ${cell}` },
  text,
  count: 1,
});

test('the same warning of many cells is one line, what most cells have comes first', () => {
  const lines = warningLines([
    warning(1, 'alone\nwith a detail'),
    warning(1, 'shared'),
    warning(2, 'shared'),
    warning(3, 'shared'),
  ]);
  expect(lines).toEqual([
    '  3 cells (11111111, …): warning: shared',
    '  11111111 seed 1: warning: alone; with a detail',
  ]);
});

test('many different warnings are counted', () => {
  const lines = warningLines(Array.from({ length: 8 }, (_, i) => warning(i, `${i}`)));
  expect(lines).toHaveLength(6);
  expect(lines.at(-1)).toBe('  … and 3 other warnings');
  expect(warningLines([])).toEqual([]);
});
