/**
 * The header of a safetensors file (https://github.com/huggingface/safetensors): 8 bytes little-endian length, JSON; the
 * tensors' bytes follow without holes.
 */
import { foreignFile } from './foreign-files.js';

/** Bits of an element of each type of the format. */
export const elementBits = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E5M2FNUZ: 8,
  F8_E4M3FNUZ: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;
export type ElementType = keyof typeof elementBits;

interface TensorPlace {
  type: ElementType;
  shape: readonly number[];
  /** Its bytes, counted from the end of the header. */
  start: number;
  end: number;
}

export interface SafetensorsHeader {
  metadata: Record<string, string>;
  /** What it says of its tensors, as it stands there. */
  described: Readonly<Record<string, unknown>>;
  /** In the order of the header. */
  tensors: Map<string, TensorPlace>;
  /** Of the first byte behind the header, from the beginning of the file. */
  dataStart: number;
}

/** Bytes of the length in front of the header. */
export const lengthBytes = 8;
/** The reference implementation's own bound. */
const longestHeader = 100_000_000;

/**
 * @param file its beginning, all of the header at least (`headerEnd`)
 * @param size bytes of the whole file
 * @throws Error that says what is wrong, or what else the file is and what helps
 */
export function readHeader(file: Uint8Array, size: number): SafetensorsHeader {
  const dataStart = headerEnd(file, size);
  const text = new TextDecoder().decode(file.subarray(lengthBytes, dataStart));
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch (cause) {
    throw unsound('the header is no JSON', cause);
  }
  if (!isRecord(header)) throw unsound('the header is no JSON object');
  const { __metadata__: metadata = {}, ...described } = header;
  const tensors = new Map<string, TensorPlace>();
  let covered = 0;
  let last = 0;
  for (const [name, value] of Object.entries(described)) {
    const place = readPlace(name, value);
    covered += place.end - place.start;
    last = Math.max(last, place.end);
    tensors.set(name, place);
  }
  const held = size - dataStart;
  if (last > held) throw cutOff(dataStart + last, size);
  if (covered !== held) throw unsound(`its tensors cover ${covered} bytes, but it holds ${held}`);
  return { metadata: textsOf(metadata), described, tensors, dataStart };
}

/** Bytes of a file of this size up to the end of its header. `start`: at least its first 512 bytes. Throws as `readHeader` does. */
export function headerEnd(start: Uint8Array, size: number): number {
  const length =
    size < lengthBytes
      ? Number.POSITIVE_INFINITY
      : Number(new DataView(start.buffer, start.byteOffset, start.byteLength).getBigUint64(0, true));
  if (length <= longestHeader && start[lengthBytes] === brace) {
    if (lengthBytes + length > size) throw cutOff(lengthBytes + length, size);
    return lengthBytes + length;
  }
  const other = foreignFile(start, size);
  throw other === undefined ? unsound('it begins with no header') : new Error(other);
}

const brace = '{'.charCodeAt(0);

const unsound = (what: string, cause?: unknown) => new Error(`is no safetensors file: ${what}`, { cause });

const cutOff = (expected: number, size: number) =>
  new Error(
    `is cut off: its header tells of ${expected} bytes, there are ${size}; download or copy it again`,
  );

function readPlace(name: string, value: unknown): TensorPlace {
  const { dtype, shape, data_offsets: offsets } = isRecord(value) ? value : {};
  if (typeof dtype !== 'string' || !Object.hasOwn(elementBits, dtype))
    throw unsound(`${name}: dtype ${dtype}, expected one of ${Object.keys(elementBits).join(', ')}`);
  if (!isListOfCounts(shape) || !isListOfCounts(offsets) || offsets.length !== 2)
    throw unsound(`${name}: shape or data_offsets missing or malformed`);
  const type = dtype as ElementType;
  const [start, end] = offsets as [number, number];
  const expected = shape.reduce((product, side) => product * side, elementBits[type]) / 8;
  if (end - start !== expected)
    throw unsound(`${name}: bytes ${start}..${end}, expected ${expected} for ${dtype} [${shape}]`);
  return { type, shape, start, end };
}

/** What is no text is none of the format's metadata. */
const textsOf = (metadata: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(isRecord(metadata) ? metadata : {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isListOfCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every(item => Number.isSafeInteger(item) && item >= 0);
