/** Weights of another model or program, as far as they fit. */
import { toFloat32 } from './element-types.js';
import { fileShape, fromFileLayout } from './layout.js';
import { type Match, matchWeights, type Taken } from './match-weights.js';
import { resizedPositions } from './position-embedding.js';
import type { Safetensors, StoredTensor } from './safetensors.js';
import type { EntryDescription } from './state-dict.js';

export interface Adoption extends Match {
  /** In the trainer's layout, by the model's names. */
  values: Record<string, Float32Array>;
}

/**
 * Takes what `matchWeights` finds. `initial`: the model's own values, which stay where the file has no row for a class.
 */
export function adoptWeights(
  entries: readonly EntryDescription[],
  file: Safetensors,
  {
    classNames,
    initial = {},
  }: { classNames?: readonly string[]; initial?: Readonly<Record<string, Float32Array>> } = {},
): Adoption {
  const match = matchWeights(entries, file, classNames);
  const values = match.taken.map(taken => {
    const { name } = taken.entry;
    return [name, valuesOf(taken, file.tensors.get(taken.nameInFile)!, initial[name])] as const;
  });
  return { ...match, values: Object.fromEntries(values) };
}

function valuesOf(
  { entry: { shape, layout }, how }: Taken,
  stored: StoredTensor,
  initial: Float32Array | undefined,
): Float32Array {
  const values = toFloat32(stored.type, stored.bytes);
  if (how === 'whole') return fromFileLayout(values, shape, layout);
  if (how === 'positions') return resizedPositions(values, stored.shape, fileShape(shape, layout))!;
  const length = values.length / stored.shape[0]!;
  const result = initial?.slice() ?? new Float32Array(how.length * length);
  how.forEach((row, place) => {
    if (row >= 0) result.set(values.subarray(row * length, (row + 1) * length), place * length);
  });
  return result;
}
