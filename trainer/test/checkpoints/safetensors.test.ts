import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isFloat, toFloat32, toInt64 } from '../../checkpoints/element-types.js';
import { parse, readFileHeader, type Safetensors, serialize } from '../../checkpoints/safetensors.js';
import { type ElementType, elementBits } from '../../contract/safetensors-header.js';
import { goldenFile } from '../golden-file.js';
import { temporaryFolder } from '../temporary-folder.js';

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

function withHeader(header: string, data = 0): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, Buffer.from(header), Buffer.alloc(data)]);
}
const tensor = (parts: object) =>
  JSON.stringify({ t: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...parts } });
const withTensor = (parts: object, data: number) => withHeader(tensor(parts), data);

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
  it.each([
    ['empty', Buffer.alloc(0), 'is empty: download'],
    ['cut within the length', file.subarray(0, 5), 'is no safetensors file'],
    ['cut within the header', file.subarray(0, 100), 'is cut off: its header tells of'],
    ['cut within the data', file.subarray(0, file.length - 1), `there are ${file.length - 1}`],
    ['too long', Buffer.concat([file, Buffer.alloc(1)]), 'tensors cover'],
    ['a header that is no JSON', withHeader('{'), 'the header is no JSON'],
    ['a header that is a list', withHeader('[]'), 'begins with no header'],
    ['an unknown type', withHeader(tensor({ dtype: 'F7' }), 8), 'dtype F7, expected one of BOOL'],
    ['a negative size', withHeader(tensor({ shape: [-2] }), 8), 'malformed'],
    ['no offsets', withHeader(tensor({ data_offsets: undefined }), 8), 'malformed'],
    ['offsets that fit no shape', withHeader(tensor({ shape: [3] }), 8), 'expected 12'],
  ])('%s', (_, bytes, message) => {
    expect(() => parse(bytes, 'some/file')).toThrow(/^some\/file is /);
    expect(() => parse(bytes, 'some/file')).toThrow(message);
  });
});

describe('an element type', () => {
  // Bits of a value, as the machine learning dtypes of NumPy (ml_dtypes) write them.
  const read = (type: ElementType, bits: number[]) => Array.from(toFloat32(type, Uint8Array.from(bits)));
  const numbers = Float64Array.of(1 / 3, -2);
  it.each<[ElementType, number[], number[]]>([
    ['F64', [...new Uint8Array(numbers.buffer)], [Math.fround(1 / 3), -2]],
    ['BF16', [0xc0, 0x3f, 0x20, 0xc1], [1.5, -10]],
    ['F8_E4M3', [0x38, 0xbc, 0x7e, 0x01, 0x08, 0x7f], [1, -1.5, 448, 2 ** -9, 2 ** -6, Number.NaN]],
    [
      'F8_E5M2',
      [0x3c, 0xbe, 0x7b, 0x01, 0x7c, 0x7d],
      [1, -1.5, 57344, 2 ** -16, Number.POSITIVE_INFINITY, Number.NaN],
    ],
    ['F8_E4M3FNUZ', [0x40, 0xff, 0x01, 0x80], [1, -240, 2 ** -10, Number.NaN]],
    ['F8_E5M2FNUZ', [0x40, 0xff, 0x01, 0x80], [1, -57344, 2 ** -17, Number.NaN]],
  ])('%s is widened to float32', (type, bits, values) => {
    expect(isFloat(type)).toBe(true);
    expect(read(type, bits)).toEqual(values);
  });

  it.each(Object.entries(elementBits))('%s is known with its size', (dtype, bits) => {
    const of = (bytes: number) => withTensor({ dtype, shape: [2, 4], data_offsets: [0, bytes] }, bytes);
    expect(parse(of(bits), 'file').tensors.get('t')!.bytes).toHaveLength(bits);
    expect(() => parse(of(bits + 1), 'file')).toThrow(`expected ${bits} for ${dtype} [2,4]`);
  });

  it('that is no float is no weight', () => {
    for (const type of ['I8', 'I64', 'U16', 'BOOL', 'F4', 'C64'] as const) {
      expect(isFloat(type)).toBe(false);
      expect(() => read(type, Array(8).fill(0))).toThrow(`expected floating-point values, got ${type}`);
    }
  });
});

describe('a file that is something else', () => {
  const pad = (text: string) => Buffer.from(text.padEnd(600, ' '), 'latin1');
  it.each([
    ['torch.save', pad('PK\x03\x04\x00\x00\x08\x08'), /is a zip, as torch\.save .*save_file/],
    ['an old torch.save', pad('\x80\x02\x8a\x0al\xfc\x9c'), /is a Python pickle.*save_file/],
    ['Git LFS', pad('version https://git-lfs.github.com/spec/v1\noid'), /Git LFS pointer.*git lfs pull/],
    ['a short Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), /Git LFS/],
    ['a page', pad('\n<!DOCTYPE html><html>'), /is a web page.*download the file itself/],
    ['an error of a server', Buffer.from('{"error":"Unauthorized"}'), /is JSON .*download the file itself/],
    ['Keras', pad('\x89HDF\r\n\x1a\n'), /is HDF5/],
    ['gzip', pad('\x1f\x8b\x08'), /is compressed by gzip: unpack/],
    ['words', pad('hello, world'), /is no safetensors file: it begins with no header/],
  ])('%s', async (_, bytes, message) => {
    expect(() => parse(bytes, 'some/file')).toThrow(message);
    const path = join(temporaryFolder(), 'w.safetensors');
    writeFileSync(path, bytes);
    await expect(readFileHeader(path)).rejects.toThrow(message);
  });

  it('is not seen in a header whose length happens to begin like one', () => {
    // 0x227b: the bytes of `{"`.
    const bytes = withHeader(tensor({}).padEnd(0x227b), 8);
    expect(bytes.toString('latin1', 0, 2)).toBe('{"');
    expect(parse(bytes, 'file').tensors.size).toBe(1);
  });
});
