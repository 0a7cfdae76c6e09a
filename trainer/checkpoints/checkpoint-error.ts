/** Words all errors of reading and writing checkpoints. */
import type { FailureClass } from '../contract/events.js';
import { machineCondition } from '../contract/machine-conditions.js';

export class CheckpointError extends Error {
  constructor(
    message: string,
    readonly failure: FailureClass,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'CheckpointError';
  }
}

export function unwritable(path: string, cause: unknown): CheckpointError {
  const condition = machineCondition(cause);
  if (condition !== undefined)
    return new CheckpointError(`${path}: the checkpoint can't be written: ${condition}`, 'environment', {
      cause,
    });
  const { message } = cause as Error;
  return new CheckpointError(`${path}: writing the checkpoint failed: ${message}`, 'crash', { cause });
}

export function unreadable(path: string, cause: unknown): CheckpointError {
  return new CheckpointError(
    `${path}: the checkpoint is corrupt or unreadable: ${cause instanceof Error ? cause.message : cause}`,
    machineCondition(cause) === undefined ? 'crash' : 'environment',
    { cause },
  );
}
