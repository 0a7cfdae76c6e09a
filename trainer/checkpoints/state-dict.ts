/** A model's weights as a file that PyTorch and torchvision read: their names, order and layouts. */
import { createHash } from 'node:crypto';
import { toFloat32 } from './element-types.js';
import { fileShape, fromFileLayout, type TensorLayout, toFileLayout } from './layout.js';
import type { Safetensors, StoredTensor } from './safetensors.js';

/** What is to be known of an entry of a state dict; models declare it. */
export interface EntryDescription {
  name: string;
  role: 'parameter' | 'buffer' | 'counter' | 'table';
  /** The trainer's shape. */
  shape: readonly number[];
  layout: TensorLayout;
  /** The integers of a table. */
  table?: Int32Array;
  /** Its rows are those of the classes. */
  ofClasses?: boolean;
}

export const bytesOf = (values: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** `values` in the trainer's layout by name; `batches` is the value of every `num_batches_tracked` but the
 * `unseen` ones, which are 0. */
export function toStateDict(
  entries: readonly EntryDescription[],
  values: Readonly<Record<string, Float32Array>>,
  batches: number,
  metadata: Record<string, string>,
  unseen: ReadonlySet<string> = new Set(),
): Safetensors {
  const tensors = new Map<string, StoredTensor>();
  for (const { name, role, shape, layout, table } of entries) {
    if (role === 'counter' || role === 'table') {
      const integers =
        role === 'counter'
          ? BigInt64Array.of(BigInt(unseen.has(name) ? 0 : batches))
          : BigInt64Array.from(table!, BigInt);
      tensors.set(name, { type: 'I64', shape: [...shape], bytes: bytesOf(integers) });
      continue;
    }
    const bytes = bytesOf(toFileLayout(values[name]!, shape, layout));
    tensors.set(name, { type: 'F32', shape: fileShape(shape, layout), bytes });
  }
  return { metadata: { format: 'pt', ...metadata }, tensors };
}

/** Values in the trainer's layout. Throws where names or shapes are not those of the model. */
export function fromStateDict(
  entries: readonly EntryDescription[],
  { tensors }: Safetensors,
  where: string,
): Record<string, Float32Array> {
  const known = new Set(entries.map(entry => entry.name));
  const unexpected = [...tensors.keys()].filter(name => !known.has(name));
  if (unexpected.length > 0)
    throw new Error(`${where}: tensors that the model doesn't have: ${unexpected.join(', ')}`);
  const values: Record<string, Float32Array> = {};
  for (const { name, role, shape, layout, table } of entries) {
    if (role === 'counter') continue;
    const stored = tensors.get(name);
    if (stored === undefined) throw new Error(`${where}: no tensor ${name}`);
    const expected = fileShape(shape, layout);
    if (stored.shape.join() !== expected.join())
      throw new Error(`${where}: ${name} has shape [${stored.shape}], the model expects [${expected}]`);
    if (role === 'table') {
      if (!Buffer.from(stored.bytes).equals(bytesOf(BigInt64Array.from(table!, BigInt))))
        throw new Error(`${where}: ${name} is another table than the model's`);
      continue;
    }
    values[name] = fromFileLayout(toFloat32(stored.type, stored.bytes), shape, layout);
  }
  return values;
}

/** SHA-256 of all tensors' bytes in state-dict order; no metadata is in it. */
export function weightsHash({ tensors }: Safetensors): string {
  const hash = createHash('sha256');
  for (const { bytes } of tensors.values()) hash.update(bytes);
  return hash.digest('hex');
}
