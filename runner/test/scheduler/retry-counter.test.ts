import { expect, test } from 'vitest';
import { defaultRetryPolicy } from '../../domain/retry-policy.js';
import { RetryCounter } from '../../scheduler/retry.js';

const lost = { class: 'lostSlot', message: 'gone' } as const;
const crash = { class: 'crash', message: 'gone' } as const;

test('a cell that is lost without getting on is given up after five times', () => {
  const counter = new RetryCounter(defaultRetryPolicy);
  expect([1, 2, 3, 4, 5].map(() => counter.afterFailure(lost, 3))).toEqual([2, 4, 8, 16, undefined]);
});

test('one that has got on since is lost as often as it takes', () => {
  const counter = new RetryCounter(defaultRetryPolicy);
  expect(Array.from({ length: 20 }, (_, index) => counter.afterFailure(lost, index + 1))).toEqual(
    Array(20).fill(2),
  );
  // An earlier epoch, from which it goes on, is no progress.
  expect([1, 2, 3, 4].map(() => counter.afterFailure(lost, 1))).toEqual([4, 8, 16, undefined]);
});

test('epochs between make no difference to crashes', () => {
  const counter = new RetryCounter(defaultRetryPolicy);
  expect([1, 2, 3].map(epochs => counter.afterFailure(crash, epochs))).toEqual([2, 4, undefined]);
});
