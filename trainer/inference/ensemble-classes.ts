/** Classes of an ensemble: those of every model, each in an order of its own. */
import { classRows } from '../checkpoints/class-rows.js';
import { inputOf } from '../checkpoints/input-description.js';
import { readFileHeader } from '../checkpoints/safetensors.js';
import type { TrainedModel } from '../contract/inference.js';
import { RequestError } from './request-error.js';
import { listSome } from './template-context.js';

/** Classes in the order of the first model's. Rejects with a RequestError where another model has others. */
export async function sharedClasses(models: readonly TrainedModel[]): Promise<string[]> {
  const classes = await Promise.all(models.map(classesOf));
  const [first = [], ...others] = classes;
  others.forEach((other, index) => {
    const missing = first.filter(name => !other.includes(name));
    const surplus = other.filter(name => !first.includes(name));
    if (missing.length + surplus.length === 0) return;
    const [a, b] = [models[0]!.cellId, models[index + 1]!.cellId];
    const only = (cell: string, names: string[]) =>
      names.length === 0 ? [] : [`${names.length} of ${cell} alone (${listSome(names)})`];
    throw new RequestError(
      `the cells ${a} and ${b} have different classes: they are no ensemble; ${[...only(a, missing), ...only(b, surplus)].join(', ')}`,
    );
  });
  return [...first];
}

async function classesOf({ weights }: TrainedModel): Promise<readonly string[]> {
  try {
    const { metadata } = await readFileHeader(weights);
    return inputOf(metadata, weights).classNames;
  } catch (cause) {
    throw new RequestError((cause as Error).message, { cause });
  }
}

/** `probabilities` [images × classes] of a model with the classes `from`, in the order of `to`: the same classes. */
export function inOrder(
  probabilities: Float32Array,
  from: readonly string[],
  to: readonly string[],
): Float32Array {
  const places = classRows(to, from);
  if (places.every((place, index) => place === index)) return probabilities;
  return probabilities.map((_, at) => {
    const column = at % to.length;
    return probabilities[at - column + places[column]!]!;
  });
}
