import { expect, test } from 'vitest';
import { defaultRetryPolicy } from '../../domain/retry-policy.js';
import { RetryCounter } from '../../scheduler/retry.js';

const lost = { class: 'lostSlot', message: 'gone' } as const;
const there = { slotId: 'box/gpu0', isGone: false };
const gone = (machine: string | number) => ({ slotId: `spot-${machine}/gpu0`, isGone: true });
const crash = { class: 'crash', message: 'gone' } as const;

test('a cell that is lost without getting on is given up after five times', () => {
  const counter = new RetryCounter(defaultRetryPolicy);
  expect([1, 2, 3, 4, 5].map(() => counter.afterFailure(lost, 3, there))).toEqual([2, 4, 8, 16, undefined]);
});

test('one that has got on since is lost as often as it takes', () => {
  const counter = new RetryCounter(defaultRetryPolicy);
  expect(Array.from({ length: 20 }, (_, index) => counter.afterFailure(lost, index + 1, there))).toEqual(
    Array(20).fill(2),
  );
  // An earlier epoch, from which it goes on, is no progress.
  expect([1, 2, 3, 4].map(() => counter.afterFailure(lost, 1, there))).toEqual([4, 8, 16, undefined]);
});

test('epochs between make no difference to crashes', () => {
  const counter = new RetryCounter(defaultRetryPolicy);
  expect([1, 2, 3].map(epochs => counter.afterFailure(crash, epochs, there))).toEqual([2, 4, undefined]);
});

test('machines that go away with it don’t count as its failures: the same ones for long, with pauses that end to grow', () => {
  const counter = new RetryCounter(defaultRetryPolicy);
  const pauses = Array.from({ length: 20 }, (_, index) => counter.afterFailure(lost, 0, gone(index % 4)));
  expect(pauses.slice(0, 10)).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
  expect(pauses.slice(10)).toEqual([...Array(9).fill(300), undefined]);
});

test('… unless it takes along one after the other without an epoch between', () => {
  const counter = new RetryCounter(defaultRetryPolicy);
  const lose = (machine: number, epochs: number) => counter.afterFailure(lost, epochs, gone(machine));
  expect([1, 2, 3, 4].map(machine => lose(machine, 0))).toEqual([2, 4, 8, 16]);
  expect([5, 6, 7, 8].map(machine => lose(machine, 1))).toEqual([2, 4, 8, 16]);
  expect(lose(9, 1)).toBeUndefined();
});

test('a rule without a second try holds for machines that go away, too', () => {
  const lostSlot = { attempts: 1, backoffSeconds: 400 };
  expect(
    new RetryCounter({ ...defaultRetryPolicy, lostSlot }).afterFailure(lost, 0, gone(1)),
  ).toBeUndefined();
  const longer = { attempts: 3, backoffSeconds: 400 };
  const counter = new RetryCounter({ ...defaultRetryPolicy, lostSlot: longer });
  expect([1, 2, 3].map(machine => counter.afterFailure(lost, 0, gone(machine)))).toEqual([
    400,
    400,
    undefined,
  ]);
});
