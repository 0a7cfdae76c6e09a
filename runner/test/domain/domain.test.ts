import { describe, expect, it } from 'vitest';
import { isBetter } from '../../domain/metric.js';
import { describeNodePath, GridError } from '../../domain/problem.js';
import { defaultRetryPolicy, retryDelaySeconds } from '../../domain/retry-policy.js';

describe('isBetter', () => {
  const up = { metric: 'a', direction: 'maximize' } as const;
  const down = { metric: 'a', direction: 'minimize' } as const;
  it.each([
    [up, 2, 1, true],
    [up, 1, 1, false],
    [down, 1, 2, true],
    [down, 2, 1, false],
    [up, null, 1, false],
    [up, Number.NaN, null, false],
    [down, 5, null, true],
    [down, 5, Number.NaN, true],
    [up, undefined, undefined, false],
  ])('%o: %s over %s is %s', (objective, value, best, expected) => {
    expect(isBetter(objective, value, best)).toBe(expected);
  });
});

describe('retry policy', () => {
  it('doubles the pause and ends after the attempts', () => {
    const policy = { ...defaultRetryPolicy, crash: { attempts: 4, backoffSeconds: 5 } };
    expect([1, 2, 3, 4].map(failures => retryDelaySeconds(policy, 'crash', failures))).toEqual([
      5,
      10,
      20,
      undefined,
    ]);
  });

  it('never tries a bad configuration again', () => {
    expect(retryDelaySeconds(defaultRetryPolicy, 'badConfiguration', 1)).toBeUndefined();
  });
});

describe('GridError', () => {
  const problem = (line: number, message: string) => ({
    file: 'a.yaml',
    line,
    column: 2,
    path: 'seed',
    message,
  });

  it('tells every problem once, in the order of the file', () => {
    const error = new GridError([problem(3, 'b'), problem(1, 'a'), problem(3, 'b')]);
    expect(error.message).toBe('a.yaml:1:2 seed: a\na.yaml:3:2 seed: b');
    expect(error.kind).toBe('grid');
  });

  it('writes paths with list indexes in brackets', () => {
    expect(describeNodePath(['axes', 'model', 0, 'name'])).toBe('axes.model[0].name');
    expect(describeNodePath([])).toBe('');
  });
});
