import { expect, it } from 'vitest';
import { csvLine } from '../../text/csv.js';
import { fitLine, wrapText } from '../../text/lines.js';
import { cellName, plain } from '../../text/names.js';
import { formatCount, formatFixed, formatMean, formatNumber } from '../../text/numbers.js';
import { formatDuration, formatShortDuration } from '../../text/times.js';
import { displayWidth, fitToWidth } from '../../text/width.js';

it.each([
  [0, '0 s'],
  [59.6, '1 min'],
  [200, '3 min 20 s'],
  [7500, '2 h 5 min'],
  [3600, '1 h'],
  [273600, '3 d 4 h'],
])('formats %d seconds as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

it.each([
  [0.97314, '0.9731'],
  [1.23e-7, '1.2e-7'],
  [12, '12'],
  [null, '–'],
  [123456.7, '1.2e+5'],
])('formats %d as %s', (value, text) => expect(formatNumber(value)).toBe(text));

it('leaves out the least important fields first', () => {
  const fields = [
    { text: 'aaaa', weight: 3 },
    { text: 'bbbb', weight: 1 },
    { text: 'cccc', weight: 2 },
  ];
  expect(fitLine(fields, 16)).toBe('aaaa  bbbb  cccc');
  expect(fitLine(fields, 15)).toBe('aaaa  cccc');
  expect(fitLine(fields, 9)).toBe('aaaa');
  expect(fitLine(fields, 3)).toBe('aa…');
});

it('wraps at spaces', () => expect(wrapText('one two three', 7)).toEqual(['one two', 'three']));

it.each([
  [0.9, '0.9000'],
  [1.23456e-7, '1.235e-7'],
  [123456.7, '123500'],
  [0, '0.0000'],
  [null, '–'],
])('formats %d in a column as %s', (value, text) => expect(formatFixed(value)).toBe(text));

it('formats means and counts in columns', () => {
  expect(formatMean(0.905, 0.0071)).toBe('0.9050 ± 0.0071');
  expect(formatMean(0.905, null)).toBe('0.9050');
  expect([3, 3.25, null].map(formatCount)).toEqual(['3', '3.3', '–']);
});

it.each([
  [8.3, '8.3s'],
  [125, '2m05s'],
  [11220, '3h07m'],
  [null, '–'],
])('formats %d seconds in a column as %s', (seconds, text) =>
  expect(formatShortDuration(seconds)).toBe(text),
);

it('names a cell by its labels, without what would steer the terminal', () => {
  expect(cellName('0123456789', { model: 'a\nb', seed: '\u001b[31m1' })).toBe('a b · [31m1');
  expect(cellName('0123456789', {})).toBe('01234567');
  expect(plain('one\t\r\n two')).toBe('one two');
});

it('measures and cuts wide characters', () => {
  expect(displayWidth('重み')).toBe(4);
  expect(fitToWidth('重み付き', 5, 'left')).toBe('重み…');
  expect(fitToWidth('ab', 4, 'right')).toBe('  ab');
});

it('breaks lines at spaces', () => expect(wrapText('aa bb cccccc d', 5)).toEqual(['aa bb', 'cccccc', 'd']));

it('quotes fields of CSV that need it', () =>
  expect(csvLine(['a,b', 'say "x"', ' c', 1.5, null])).toBe('"a,b","say ""x"""," c",1.5,\n'));
