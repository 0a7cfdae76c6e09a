/** The values that a run begins with: the model's own, or those of other weights where they fit. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { adoptWeights } from '../checkpoints/adopt-weights.js';
import { adoptionProblem, exceptionsOf } from '../checkpoints/adoption-words.js';
import { parse } from '../checkpoints/safetensors.js';
import type { RunSpec } from '../contract/run-spec.js';
import { weightsContent } from '../contract/weights-content.js';
import { initialState } from '../models/initialize.js';
import type { Model } from '../models/model.js';
import { ConfigurationError } from './failure.js';

/**
 * Values by state-dict name. With `init` the tensors of its file take the place of the initial ones, the last layer's rows by
 * the names of their classes; what is skipped is told to `onWarning`, and is an error where `strict`.
 *
 * Throws a ConfigurationError where the file is missing, no sound safetensors file, was changed since the grid was loaded, or
 * has nothing that fits.
 */
export async function initialValues(
  model: Model,
  classNames: readonly string[],
  { seed, init }: RunSpec,
  onWarning: (message: string) => void,
): Promise<Record<string, Float32Array>> {
  const values = initialState(model, seed);
  if (init === null) return values;
  const { from, hash, strict } = init;
  const fail = (message: string, cause?: unknown) =>
    new ConfigurationError(`init.from: ${message}`, { cause });
  const file = await readFile(from).catch((error: Error) => {
    throw fail(error.message, error);
  });
  const adoption = attempt(() => {
    if (hashOf(file) !== hash) throw new Error(`${from} was changed since the grid was loaded`);
    return adoptWeights(model.entries, parse(file, from), { classNames, initial: values });
  }, fail);
  const problem = adoptionProblem(adoption, from, strict);
  if (problem !== undefined) throw fail(problem);
  const exceptions = exceptionsOf(adoption);
  if (exceptions !== '')
    onWarning(`begins with ${adoption.taken.length} of ${adoption.wanted} tensors of ${from}: ${exceptions}`);
  return { ...values, ...adoption.values };
}

function attempt<T>(work: () => T, fail: (message: string, cause: unknown) => Error): T {
  try {
    return work();
  } catch (cause) {
    throw fail((cause as Error).message, cause);
  }
}

function hashOf(file: Uint8Array): string {
  const hash = createHash('sha256');
  for (const part of weightsContent(file)) hash.update(part);
  return hash.digest('hex');
}
