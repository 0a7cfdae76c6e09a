/**
 * The safetensors format (https://github.com/huggingface/safetensors): 8 bytes little-endian header length, a JSON
 * header, the tensors' bytes without holes.
 */
import { type ElementType, elementBytes } from './element-types.js';

export interface StoredTensor {
  type: ElementType;
  shape: readonly number[];
  /** Little-endian, row-major. */
  bytes: Uint8Array;
}

export interface Safetensors {
  metadata: Record<string, string>;
  /** In the order of the header. */
  tensors: Map<string, StoredTensor>;
}

const lengthBytes = 8;
/** The reference implementation's own bound. */
const longestHeader = 100_000_000;

const elementCount = (shape: readonly number[]) => shape.reduce((product, side) => product * side, 1);

/**
 * The file as parts to be written one after the other. The header keeps the tensors' order; the widest elements come
 * first in the data, so that every tensor is aligned.
 */
export function serialize({ metadata, tensors }: Safetensors): Uint8Array[] {
  const header: Record<string, unknown> = { __metadata__: metadata };
  const byWidth = [...tensors].sort(([, a], [, b]) => elementBytes[b.type] - elementBytes[a.type]);
  const offsets = new Map<string, [number, number]>();
  let end = 0;
  for (const [name, tensor] of byWidth) {
    const start = end;
    end += tensor.bytes.byteLength;
    offsets.set(name, [start, end]);
  }
  for (const [name, { type, shape }] of tensors)
    header[name] = { dtype: type, shape, data_offsets: offsets.get(name) };
  const json = JSON.stringify(header);
  const padding = -Buffer.byteLength(json) & 7;
  const text = Buffer.from(json + ' '.repeat(padding));
  const length = Buffer.alloc(lengthBytes);
  length.writeBigUInt64LE(BigInt(text.length));
  return [length, text, ...byWidth.map(([, tensor]) => tensor.bytes)];
}

/** Throws, naming `where` (the file), on everything that is not a whole, sound file. The bytes are shared. */
export function parse(file: Uint8Array, where: string): Safetensors {
  const problem = (what: string, cause?: unknown) =>
    new Error(`${where}: not a sound safetensors file: ${what}`, { cause });
  if (file.byteLength < lengthBytes) throw problem(`${file.byteLength} bytes, expected at least 8`);
  const buffer = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const headerLength = Number(buffer.readBigUInt64LE());
  if (headerLength > Math.min(longestHeader, buffer.length - lengthBytes))
    throw problem(`a header of ${headerLength} bytes in a file of ${buffer.length}`);
  const data = new Uint8Array(file.buffer, file.byteOffset, file.byteLength).subarray(
    lengthBytes + headerLength,
  );
  const header = parseHeader(buffer.toString('utf8', lengthBytes, lengthBytes + headerLength), problem);
  const tensors = new Map<string, StoredTensor>();
  let covered = 0;
  for (const [name, value] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const tensor = parseTensor(name, value, data, problem);
    covered += tensor.bytes.byteLength;
    tensors.set(name, tensor);
  }
  if (covered !== data.byteLength)
    throw problem(`tensors cover ${covered} bytes, but the file holds ${data.byteLength}`);
  return { metadata: (header.__metadata__ ?? {}) as Record<string, string>, tensors };
}

type Problem = (what: string, cause?: unknown) => Error;

function parseHeader(text: string, problem: Problem): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw problem('the header is no JSON', cause);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    throw problem('the header is no JSON object');
  return header as Record<string, unknown>;
}

function parseTensor(name: string, value: unknown, data: Uint8Array, problem: Problem): StoredTensor {
  const { dtype, shape, data_offsets: offsets } = (value ?? {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(elementBytes, dtype))
    throw problem(`${name}: dtype ${dtype}, expected one of ${Object.keys(elementBytes).join(', ')}`);
  if (!isListOfCounts(shape) || !isListOfCounts(offsets) || offsets.length !== 2)
    throw problem(`${name}: shape or data_offsets missing or malformed`);
  const type = dtype as ElementType;
  const [start, end] = offsets as [number, number];
  const expected = elementCount(shape) * elementBytes[type];
  if (end - start !== expected || end > data.byteLength)
    throw problem(
      `${name}: bytes ${start}..${end} of ${data.byteLength}, expected ${expected} for ${dtype} [${shape}]`,
    );
  return { type, shape, bytes: data.subarray(start, end) };
}

function isListOfCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0);
}
