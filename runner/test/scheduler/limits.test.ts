import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { parseDeadline } from '../../cli/parse-option.js';
import { LimitWatch } from '../../scheduler/limits.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const hour = 3_600_000;

it.each([
  [{ maxHours: 2 }, 2, '--max-hours 2 is over'],
  [{ deadlineMs: Date.parse('2030-01-01T03:00:00Z') }, 3, 'the deadline, 2030-01-01T03:00:00.000Z, is here'],
  [{ budget: 6 }, 4, 'the budget of 6 is used up'],
  [{ maxHours: 5, budget: 3 }, 2, 'the budget of 3 is used up'],
])('%j is used up after %s hours, told once', (limits, hours, words) => {
  vi.setSystemTime('2030-01-01T00:00:00Z');
  const told: string[] = [];
  const watch = new LimitWatch(
    limits,
    () => 1.5,
    limit => told.push(limit),
  );
  vi.advanceTimersByTime(hours * hour - 2000);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(4000);
  expect(told).toEqual([words]);
  vi.advanceTimersByTime(100 * hour);
  expect(told).toHaveLength(1);
  watch.end();
});

it('money is of the slots that are open at a time', () => {
  let price = 10;
  const told: string[] = [];
  const watch = new LimitWatch(
    { budget: 15 },
    () => price,
    limit => told.push(limit),
  );
  vi.advanceTimersByTime(hour);
  price = 0;
  vi.advanceTimersByTime(50 * hour);
  expect(told).toEqual([]);
  price = 5;
  vi.advanceTimersByTime(hour + 2000);
  expect(told).toHaveLength(1);
  watch.end();
});

it('--deadline takes a time of day, the next one, or a date with a time', () => {
  const now = new Date(2030, 5, 1, 12, 0);
  expect(parseDeadline('13:30', now)).toBe(new Date(2030, 5, 1, 13, 30).getTime());
  expect(parseDeadline('11:05', now)).toBe(new Date(2030, 5, 2, 11, 5).getTime());
  expect(parseDeadline('2030-06-02T08:00', now)).toBe(new Date(2030, 5, 2, 8, 0).getTime());
  expect(parseDeadline('2030-06-03T08:00:00Z', now)).toBe(Date.parse('2030-06-03T08:00:00Z'));
});

it.each([
  '25:00',
  '12:60',
  'soon',
  '',
  '12',
  '2030-13-01T00:00',
  '2030-02-30T10:00',
  '2030-05-31T12:00',
  '5',
])('--deadline %j is refused with what it may be', text => {
  expect(() => parseDeadline(text, new Date(2030, 5, 1, 12, 0))).toThrow(/--deadline must be .*got/);
});
