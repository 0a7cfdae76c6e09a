import { inspect } from 'node:util';

/** Store problems that come of what the user asked for. */
const usageProblems = new Set(['unknownGrid', 'unknownCell', 'ambiguousCell']);

/** A mistake in how a command is called. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = 2;
}

/** 2 for what the user can mend in a grid or a command line, else 1. */
export function exitCodeOf(error: unknown): number {
  const { exitCode, problem } = (error ?? {}) as { exitCode?: unknown; problem?: string };
  if (typeof exitCode === 'number') return exitCode;
  return problem !== undefined && usageProblems.has(problem) ? 2 : 1;
}

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
