/**
 * Whose an error is.
 *
 * - `usage`: how a command was called, or what it was asked for isn't there.
 * - `grid`: a grid file or slots file is wrong.
 * - `held`: another process is at it.
 * - `store`: the results can't be read or written as they are.
 * - `environment`: this machine lacks something: an engine, a slot.
 * - `trainer`: a trainer failed at what it was asked.
 */
export type ErrorKind = 'usage' | 'grid' | 'held' | 'store' | 'environment' | 'trainer';

/** An error with words for the user: where, what, and what was expected. What led to it is its `cause`. */
export class GridfarmError extends Error {
  override readonly name: string = 'GridfarmError';

  constructor(
    readonly kind: ErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A mistake in how a command is called, or in what it is asked for. */
export class UsageError extends GridfarmError {
  override readonly name = 'UsageError';

  constructor(message: string, options?: ErrorOptions) {
    super('usage', message, options);
  }
}
