import { describe, expect, it } from 'vitest';
import { unwritable } from '../../checkpoints/checkpoint-error.js';
import { machineCondition } from '../../contract/machine-conditions.js';
import { DataError } from '../../data/data-error.js';
import { EngineError } from '../../engine/engine-error.js';
import { ConfigurationError, classify, configured } from '../../run/failure.js';
import { whenPossible } from '../../run/when-possible.js';

const systemError = (code: string) => Object.assign(new Error(`${code}: no, write`), { code });

describe('conditions of the machine', () => {
  it.each([
    'ENOSPC',
    'EDQUOT',
    'EROFS',
    'EACCES',
    'EPERM',
    'EIO',
    'EMFILE',
    'ENFILE',
    'ESTALE',
    'ENOMEM',
    'EAGAIN',
  ])('are no fault of the cell: %s', code => {
    const error = systemError(code);
    for (const thrown of [
      error,
      unwritable('/results/checkpoints', error),
      new Error('a thread failed', { cause: error }),
      new DataError([{ severity: 'error', key: 'images', message: 'unreadable' }], { cause: error }),
      new EngineError('no engine', { cause: new AggregateError([new Error('x'), error]) }),
    ])
      expect(classify(thrown)).toMatchObject({
        failure: 'environment',
        message: expect.stringContaining(`(${code})`),
      });
  });

  it('are told from mistakes, which stay mistakes', () => {
    expect(machineCondition(systemError('ENOENT'))).toBeUndefined();
    expect(classify(new ConfigurationError('no such model')).failure).toBe('badConfiguration');
    expect(classify(systemError('ENOENT')).failure).toBe('crash');
    expect(classify(unwritable('/a', new Error('odd'))).failure).toBe('crash');
  });

  it('are not made a mistake of the RunSpec where a part of the run is built', () => {
    const build = () => {
      throw systemError('EMFILE');
    };
    expect(() => configured(build)).toThrow(expect.objectContaining({ code: 'EMFILE' }));
  });
});

describe('whenPossible', () => {
  it('does the work as soon as the machine lets it', async () => {
    const reasons: string[] = [];
    let refusals = 3;
    const work = async () => {
      if (refusals-- > 0) throw systemError('ENOSPC');
      return 'done';
    };
    const waiting = { onWait: (reason: string) => reasons.push(reason), isOver: () => false, pauseMs: 1 };
    expect(await whenPossible(work, waiting)).toBe('done');
    expect(reasons).toEqual(Array(3).fill('the disk is full (ENOSPC): ENOSPC: no, write'));
  });

  it('waits no longer than somebody wants, and never for a mistake', async () => {
    const full = async () => {
      throw systemError('ENOSPC');
    };
    let waited = 0;
    const waiting = { onWait: () => waited++, isOver: () => waited === 2, pauseMs: 1 };
    await expect(whenPossible(full, waiting)).rejects.toThrow('ENOSPC');
    expect(waited).toBe(2);
    const wrong = async () => {
      throw new ConfigurationError('wrong');
    };
    await expect(whenPossible(wrong, { ...waiting, isOver: () => false })).rejects.toThrow('wrong');
    expect(waited).toBe(2);
  });
});
