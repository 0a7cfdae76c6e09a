import { inspect } from 'node:util';
import { type ErrorKind, GridfarmError } from '../domain/error.js';

/** 2 for what the user can mend in a grid or a command line, or by waiting; else 1. */
const exitCodes: Readonly<Record<ErrorKind, 1 | 2>> = {
  usage: 2,
  grid: 2,
  held: 2,
  store: 1,
  environment: 1,
  trainer: 1,
};

export const exitCodeOf = (error: unknown): number =>
  error instanceof GridfarmError ? exitCodes[error.kind] : 1;

/** The error's words, and those of what caused it where they say more; with stack traces when debugging. */
export function describeError(error: unknown, debug: boolean): string {
  if (debug) return inspect(error);
  if (!(error instanceof Error)) return String(error);
  const causes: string[] = [];
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause)
    if (![error.message, ...causes].some(words => words.includes((cause as Error).message)))
      causes.push(cause.message);
  return [error.message, ...causes.map(words => `  because: ${words}`)].join('\n');
}
