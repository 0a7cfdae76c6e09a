import { expect, test } from 'vitest';
import { describeError, exitCodeOf } from '../../cli/errors.js';
import { GridfarmError, UsageError } from '../../domain/error.js';
import { GridError } from '../../domain/problem.js';
import { GridLockedError } from '../../store/grid-lock.js';
import { StoreError } from '../../store/store-error.js';
import { EngineMissingError } from '../../trainer-client/trainer-run.js';

test('exit codes come of the kind of an error', () => {
  const problem = { file: 'a.yaml', line: 1, column: 1, path: '', message: 'no' };
  const mendable = [
    new UsageError('no'),
    new GridError([problem]),
    new GridLockedError(undefined, 'lock'),
    new StoreError('unknownCell', 'no'),
    new StoreError('ambiguousCell', 'no'),
    new StoreError('unknownGrid', 'no'),
  ];
  for (const error of mendable) expect([error.name, exitCodeOf(error)]).toEqual([error.name, 2]);
  const others = [new StoreError('diskFull', 'no'), new EngineMissingError('no'), new TypeError('no')];
  for (const error of others) expect([error.name, exitCodeOf(error)]).toEqual([error.name, 1]);
  // A bug that happens to carry such fields is still one.
  expect(exitCodeOf(Object.assign(new Error('no'), { exitCode: 2, kind: 'usage' }))).toBe(1);
});

test('every error keeps its name and says what led to it', () => {
  const cause = new Error('EACCES');
  const error = new StoreError('notWritable', 'read-only', { cause });
  expect(error).toBeInstanceOf(GridfarmError);
  expect(error.name).toBe('StoreError');
  expect(describeError(error, false)).toBe('read-only\n  because: EACCES');
});
