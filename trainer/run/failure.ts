/** Sorts what went wrong in a run into the classes of the contract. */
import { ParameterError } from '../augmentation/transform.js';
import { CheckpointError } from '../checkpoints/checkpoint-error.js';
import type { FailureClass } from '../contract/events.js';
import { machineCondition, wantOfMemory } from '../contract/machine-conditions.js';
import { DataError } from '../data/data-error.js';
import { NanLossError } from '../training/meter.js';

/** The RunSpec asks for something that can't be. */
export class ConfigurationError extends Error {
  override name = 'ConfigurationError';
}

export interface Failure {
  failure: FailureClass;
  message: string;
  step?: number;
}

export function classify(error: unknown): Failure {
  if (error instanceof NanLossError) return { failure: 'nanLoss', message: error.message, step: error.step };
  const message = messages(error);
  if (error instanceof CheckpointError)
    return { failure: error.failure, message: error.failure === 'environment' ? error.message : message };
  const condition = machineCondition(error);
  if (condition !== undefined) return { failure: 'environment', message: `${condition}: ${message}` };
  if (error instanceof ConfigurationError || error instanceof DataError || error instanceof ParameterError)
    return { failure: 'badConfiguration', message };
  if (wantOfMemory.test(message)) return { failure: 'outOfMemory', message };
  return { failure: 'crash', message };
}

/** The message and those of its causes that it doesn't already quote. */
function messages(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause === undefined) return error.message;
  const cause = messages(error.cause);
  return error.message.includes(cause) ? error.message : `${error.message} (${cause})`;
}

/** Builds a part of the run from its RunSpec; what it throws is the RunSpec's fault, unless memory ran out or the machine isn't fit. */
export function configured<T>(build: () => T): T {
  try {
    return build();
  } catch (error) {
    if (['outOfMemory', 'environment'].includes(classify(error).failure)) throw error;
    throw new ConfigurationError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
