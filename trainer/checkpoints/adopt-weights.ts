/** Weights of another model or program, as far as they fit. */
import { toFloat32 } from './element-types.js';
import { fileShape, fromFileLayout } from './layout.js';
import { resizedPositions } from './position-embedding.js';
import type { Safetensors, StoredTensor } from './safetensors.js';
import type { EntryDescription } from './state-dict.js';
import { modelName } from './timm-names.js';

export interface Adoption {
  /** In the trainer's layout, by the model's names. */
  values: Record<string, Float32Array>;
  /** What doesn't fit, and why: of the file, then of the model. */
  skipped: string[];
  /** Position embeddings that were interpolated for another number of patches. */
  resized: string[];
}

/**
 * Takes the tensors whose name (torchvision's or timm's) and shape are the model's. Only parameters and running statistics
 * have a part in it.
 */
export function adoptWeights(entries: readonly EntryDescription[], { tensors }: Safetensors): Adoption {
  const known = new Map(entries.map(entry => [entry.name, entry]));
  const isWanted = ({ role }: EntryDescription) => role === 'parameter' || role === 'buffer';
  const missing = new Set(entries.filter(isWanted).map(({ name }) => name));
  const adoption: Adoption = { values: {}, skipped: [], resized: [] };
  for (const [name, tensor] of tensors) {
    const entry = known.get(modelName(name, known) ?? '');
    if (entry === undefined) adoption.skipped.push(`${name} (the model has none)`);
    else if (isWanted(entry)) {
      missing.delete(entry.name);
      adopt(entry, name, tensor, adoption);
    }
  }
  for (const name of missing) adoption.skipped.push(`${name} (not in the file)`);
  return adoption;
}

function adopt(
  { name, shape, layout }: EntryDescription,
  nameInFile: string,
  stored: StoredTensor,
  { values, skipped, resized }: Adoption,
): void {
  const expected = fileShape(shape, layout);
  if (withoutOnes(expected) === withoutOnes(stored.shape)) {
    values[name] = fromFileLayout(toFloat32(stored.type, stored.bytes), shape, layout);
    return;
  }
  const positions = /pos_embed/.test(name)
    ? resizedPositions(toFloat32(stored.type, stored.bytes), stored.shape, expected)
    : undefined;
  const shapes = `[${stored.shape}], the model has [${expected}]`;
  if (positions === undefined) skipped.push(`${nameInFile} (${shapes})`);
  else {
    values[name] = positions;
    resized.push(`${nameInFile} (${shapes})`);
  }
}

/** A linear layer is a 1×1 convolution: some programs store it as the one, some as the other. */
const withoutOnes = (shape: readonly number[]): string => shape.join().replace(/(,1)+$/, '');
