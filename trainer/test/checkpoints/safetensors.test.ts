import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toFloat32, toInt64 } from '../../checkpoints/element-types.js';
import { parse, type Safetensors, serialize } from '../../checkpoints/safetensors.js';
import { goldenFile } from '../golden-file.js';

const file = readFileSync(
  new URL('../../../../trainer/test/golden/safetensors/tiny.safetensors', import.meta.url),
);
const expected = goldenFile<{
  metadata: Record<string, string>;
  tensors: Record<string, { dtype: string; shape: number[]; values: (number | string)[] }>;
}>('safetensors/tiny.json');
const joined = (content: Safetensors) => Buffer.concat(serialize(content));

/** As the golden file writes them: special values are strings. */
function special(value: number): number | string {
  if (Object.is(value, -0)) return '-0';
  if (Number.isNaN(value)) return 'nan';
  return Number.isFinite(value) ? value : value > 0 ? 'inf' : '-inf';
}

describe('a file of the safetensors library', () => {
  const { metadata, tensors } = parse(file, 'tiny.safetensors');

  it('has its metadata and its tensors', () => {
    expect(metadata).toEqual(expected.metadata);
    expect([...tensors.keys()].sort()).toEqual(Object.keys(expected.tensors).sort());
  });

  it.each(Object.entries(expected.tensors))('%s', (name, { dtype, shape, values }) => {
    const stored = tensors.get(name)!;
    expect(stored.type).toBe(dtype);
    expect(stored.shape).toEqual(shape);
    const actual =
      stored.type === 'I64'
        ? Array.from(toInt64(stored.type, stored.bytes), String)
        : Array.from(toFloat32(stored.type, stored.bytes), special);
    expect(actual).toEqual(values);
  });

  it('is the same after writing and reading', () => {
    const again = parse(joined({ metadata, tensors }), 'again');
    expect(again.metadata).toEqual(metadata);
    for (const [name, { bytes }] of tensors)
      expect(Buffer.from(again.tensors.get(name)!.bytes).equals(Buffer.from(bytes)), name).toBe(true);
  });
});

describe('what is written', () => {
  const content: Safetensors = {
    metadata: { format: 'pt' },
    tensors: new Map([
      ['b', { type: 'F32' as const, shape: [1], bytes: new Uint8Array(4) }],
      ['count', { type: 'I64' as const, shape: [], bytes: new Uint8Array(8) }],
    ]),
  };

  it('is aligned, and keeps the order of the tensors', () => {
    const bytes = joined(content);
    const length = Number(bytes.readBigUInt64LE());
    expect(length % 8).toBe(0);
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
    expect(Object.keys(header)).toEqual(['__metadata__', 'b', 'count']);
    expect(header.count.data_offsets).toEqual([0, 8]);
    expect(header.b.data_offsets).toEqual([8, 12]);
  });
});

describe('a file that is not sound', () => {
  const withHeader = (header: string, data = 0) => {
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    return Buffer.concat([length, Buffer.from(header), Buffer.alloc(data)]);
  };
  const tensor = (parts: object) =>
    JSON.stringify({ t: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...parts } });

  it.each([
    ['empty', Buffer.alloc(0), '0 bytes'],
    ['cut within the header', file.subarray(0, 100), 'a header of'],
    ['cut within the data', file.subarray(0, file.length - 1), 'bytes'],
    ['too long', Buffer.concat([file, Buffer.alloc(1)]), 'tensors cover'],
    ['a header that is no JSON', withHeader('{'), 'no JSON'],
    ['a header that is a list', withHeader('[]'), 'no JSON object'],
    ['an unknown type', withHeader(tensor({ dtype: 'F4' }), 8), 'dtype F4, expected one of F32'],
    ['a negative size', withHeader(tensor({ shape: [-2] }), 8), 'malformed'],
    ['no offsets', withHeader(tensor({ data_offsets: undefined }), 8), 'malformed'],
    ['offsets that fit no shape', withHeader(tensor({ shape: [3] }), 8), 'expected 12'],
  ])('%s', (_, bytes, message) => {
    expect(() => parse(bytes, 'some/file')).toThrow(`some/file: not a sound safetensors file`);
    expect(() => parse(bytes, 'some/file')).toThrow(message);
  });
});
