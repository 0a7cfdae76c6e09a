/** Words all errors of reading and writing checkpoints. */
import type { FailureClass } from '../contract/events.js';

export class CheckpointError extends Error {
  constructor(
    message: string,
    /** Trying again helps against a full disk, not against one that is read-only. */
    readonly failure: FailureClass,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CheckpointError';
  }
}

export function unwritable(path: string, cause: unknown): CheckpointError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new CheckpointError(
      `${path}: the disk is full; free some space, the run goes on from the checkpoint before it`,
      'crash',
      { cause },
    );
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return new CheckpointError(
      `${path}: can't be written (${code}); expected a writable results folder`,
      'badConfiguration',
      {
        cause,
      },
    );
  return new CheckpointError(`${path}: writing the checkpoint failed: ${message}`, 'crash', { cause });
}

export function unreadable(path: string, cause: unknown): CheckpointError {
  return new CheckpointError(
    `${path}: the checkpoint is corrupt or unreadable: ${cause instanceof Error ? cause.message : cause}`,
    'crash',
    { cause },
  );
}
