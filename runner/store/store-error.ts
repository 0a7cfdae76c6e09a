/** All that the store says when it can't go on: where, what, and what to do. */
import { type ErrorKind, GridfarmError } from '../domain/error.js';

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
  | 'cellIsHeld'
  | 'leaseLost'
  | 'unusable';

/** What comes of what the user asked for, not of the store. */
const kinds: Partial<Record<StoreProblem, ErrorKind>> = {
  unknownGrid: 'usage',
  unknownCell: 'usage',
  ambiguousCell: 'usage',
};

export class StoreError extends GridfarmError {
  override readonly name = 'StoreError';

  constructor(
    readonly problem: StoreProblem,
    message: string,
    options?: ErrorOptions,
  ) {
    super(kinds[problem] ?? 'store', message, options);
  }
}

const conditions: ReadonlySet<StoreProblem> = new Set(['diskFull', 'notWritable', 'busy', 'unusable']);

/** Whether the store can't be written as it is, but may be later: nothing is wrong with it or with what is asked of it. */
export const isConditionOfMachine = (error: unknown): error is StoreError =>
  error instanceof StoreError && conditions.has(error.problem);

/** The command that calls `rebuildStore`. */
const rebuildCommand = 'grid rebuild';

interface Advice {
  problem: StoreProblem;
  advice: string;
}

const corrupt: Advice = {
  problem: 'corrupt',
  advice: `the store is damaged; nothing was changed. Put a backup in its place, or run \`${rebuildCommand}\`: it moves the damaged file aside and makes a new store from the cells' folders, which hold every RunSpec and every finished epoch`,
};
const busy: Advice = {
  problem: 'busy',
  advice: 'another process has been writing for too long; try again',
};
const notWritable: Advice = {
  problem: 'notWritable',
  advice: 'the results folder is read-only; make it writable or choose another one with --results DIR',
};
const diskFull: Advice = {
  problem: 'diskFull',
  advice:
    'the disk is full; all that was stored before stays. Free some space and run the same command again: it goes on where it stopped',
};
const inputOutput: Advice = {
  problem: 'unusable',
  advice: 'reading or writing failed; check the disk and run the same command again',
};
const cannotOpen: Advice = {
  problem: 'unusable',
  advice: 'the file can’t be opened; check that the results folder exists and is yours to read and write',
};

/**
 * SQLite's primary result codes (https://sqlite.org/rescode.html) that a user can do something about, with the texts
 * of sqlite3_errstr: some calls of some drivers give the text alone.
 */
const results: { code: number; text: string; advice: Advice }[] = [
  { code: 5, text: 'database is locked', advice: busy },
  { code: 8, text: 'attempt to write a readonly database', advice: notWritable },
  { code: 10, text: 'disk I/O error', advice: inputOutput },
  { code: 11, text: 'database disk image is malformed', advice: corrupt },
  { code: 13, text: 'database or disk is full', advice: diskFull },
  { code: 14, text: 'unable to open database file', advice: cannotOpen },
  { code: 26, text: 'file is not a database', advice: corrupt },
];

const systemErrors: Record<string, Advice> = {
  EROFS: notWritable,
  EACCES: notWritable,
  EPERM: notWritable,
  ENOSPC: diskFull,
  EDQUOT: diskFull,
};

/** Words an error of SQLite or of the file system; others come back as they are. */
export function asStoreError(error: unknown, path: string): unknown {
  if (error instanceof StoreError || !(error instanceof Error)) return error;
  const { errcode, code } = error as { errcode?: number; code?: string };
  const result = results.find(known =>
    errcode === undefined ? error.message.includes(known.text) : known.code === (errcode & 0xff),
  );
  const known = result?.advice ?? systemErrors[code ?? ''];
  if (known === undefined) return error;
  return new StoreError(known.problem, `${path}: ${known.advice} (${error.message})`, { cause: error });
}
