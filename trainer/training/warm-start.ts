/** The values that a run begins with: the model's own, or those of other weights where they fit. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { adoptWeights } from '../checkpoints/adopt-weights.js';
import { parse } from '../checkpoints/safetensors.js';
import type { RunSpec } from '../contract/run-spec.js';
import { weightsContent } from '../contract/weights-content.js';
import { initialState } from '../models/initialize.js';
import type { Model } from '../models/model.js';
import { ConfigurationError } from './failure.js';

/** Of skipped tensors so many are named. */
const listed = 8;

/**
 * Values by state-dict name. With `init` the tensors of its file take the place of the initial ones; what is skipped is
 * told to `onWarning`, and is an error where `strict`.
 *
 * Throws a ConfigurationError where the file is missing, was changed since the grid was loaded, or has nothing that fits.
 */
export async function initialValues(
  model: Model,
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
  if (hashOf(file) !== hash) throw fail(`${from} was changed since the grid was loaded`);
  const { values: adopted, skipped, resized } = adoptWeights(model.entries, parse(file, from));
  const count = Object.keys(adopted).length;
  if (count === 0) throw fail(`no tensor of ${from} has the name and shape of one of the model`);
  const exceptions = [...told('skipped', skipped), ...told('interpolated', resized)].join('; ');
  if (exceptions !== '') {
    if (strict) throw fail(`${from}: ${exceptions}; init.strict allows none`);
    onWarning(`begins with ${count} of ${Object.keys(values).length} tensors of ${from}: ${exceptions}`);
  }
  return { ...values, ...adopted };
}

function told(what: string, tensors: readonly string[]): string[] {
  if (tensors.length === 0) return [];
  const more = tensors.length > listed ? `, … and ${tensors.length - listed} more` : '';
  return [`${what} ${tensors.slice(0, listed).join(', ')}${more}`];
}

function hashOf(file: Uint8Array): string {
  const hash = createHash('sha256');
  for (const part of weightsContent(file) ?? []) hash.update(part);
  return hash.digest('hex');
}
