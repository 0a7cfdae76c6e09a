import { expect, it } from 'vitest';
import { relativePositionIndex, windowLayout } from '../../models/shifted-windows.js';

it('windows tell apart what a shift brought together', () => {
  const { count, tokens, mask } = windowLayout(4, 2, true);
  expect(count).toBe(4);
  // Rolled by one: rows and columns 1, 2, 3, 0.
  expect([...tokens]).toEqual([5, 6, 9, 10, 7, 4, 11, 8, 13, 14, 1, 2, 15, 12, 3, 0]);
  const rowOf = (window: number, place: number) => [...mask!.slice(window * 16 + place * 4).slice(0, 4)];
  expect(rowOf(0, 0)).toEqual([0, 0, 0, 0]);
  expect(rowOf(1, 0)).toEqual([0, -100, 0, -100]);
  expect(rowOf(2, 3)).toEqual([-100, -100, 0, 0]);
  expect(rowOf(3, 1)).toEqual([-100, 0, -100, -100]);
});

it('windows are padded at the end of the map', () => {
  const { count, tokens, mask } = windowLayout(3, 2, false);
  expect(count).toBe(4);
  expect([...tokens]).toEqual([0, 1, 3, 4, 2, -1, 5, -1, 6, 7, -1, -1, 8, -1, -1, -1]);
  expect(mask).toBe(null);
});

it('a window that holds the whole map is not shifted', () => {
  expect(windowLayout(2, 2, true)).toEqual(windowLayout(2, 2, false));
  expect(windowLayout(2, 3, true)).toEqual(windowLayout(2, 3, false));
});

it('pairs at the same offset share a row of the bias table', () => {
  // Places (0,0) (0,1) (1,0) (1,1); row 4 of 9 is no offset.
  expect([...relativePositionIndex(2)]).toEqual([4, 3, 1, 0, 5, 4, 2, 1, 7, 6, 4, 3, 8, 7, 5, 4]);
});
