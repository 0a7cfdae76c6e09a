/** All that the store says when it can't go on: where, what, and what to do. */

export type StoreProblem =
  | 'corrupt'
  | 'notWritable'
  | 'diskFull'
  | 'busy'
  | 'newerVersion'
  | 'olderVersion'
  | 'unknownGrid'
  | 'unknownCell'
  | 'ambiguousCell'
  | 'cellIsRunning'
  | 'unusable';

export class StoreError extends Error {
  override readonly name = 'StoreError';

  constructor(
    readonly problem: StoreProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The command that calls `rebuildStore`. */
const rebuildCommand = 'grid rebuild';

/** SQLite's primary result codes (https://sqlite.org/rescode.html) that a user can do something about. */
const codes: Record<number, { problem: StoreProblem; advice: string }> = {
  5: { problem: 'busy', advice: 'another process has been writing for too long; try again' },
  6: { problem: 'busy', advice: 'another process has been writing for too long; try again' },
  8: {
    problem: 'notWritable',
    advice: 'the results folder is read-only; make it writable or choose another one with --results DIR',
  },
  10: {
    problem: 'unusable',
    advice: 'reading or writing failed; check the disk and run the same command again',
  },
  11: { problem: 'corrupt', advice: '' },
  13: {
    problem: 'diskFull',
    advice:
      'the disk is full; all that was stored before stays. Free some space and run the same command again: it goes on where it stopped',
  },
  14: {
    problem: 'unusable',
    advice: 'the file can’t be opened; check that the results folder exists and is yours to read and write',
  },
  26: { problem: 'corrupt', advice: '' },
};

const corruptAdvice = `the store is damaged; nothing was changed. Put a backup in its place, or run \`${rebuildCommand}\`: it moves the damaged file aside and makes a new store from the cells' folders, which hold every RunSpec and every finished epoch`;

/** Words an error of SQLite or of the file system; others come back as they are. */
export function asStoreError(error: unknown, path: string): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error;
  const { errcode, code } = error as { errcode?: number; code?: string };
  if (errcode !== undefined) {
    const known = codes[errcode & 0xff];
    if (known === undefined) return error;
    const advice = known.problem === 'corrupt' ? corruptAdvice : known.advice;
    return new StoreError(known.problem, `${path}: ${advice} (SQLite: ${error.message})`, { cause: error });
  }
  const known = { EROFS: 8, EACCES: 8, EPERM: 8, ENOSPC: 13, EDQUOT: 13 }[code ?? ''];
  if (known === undefined) return error;
  const { problem, advice } = codes[known]!;
  return new StoreError(problem, `${path}: ${advice} (${error.message})`, { cause: error });
}
