/** Metadata of weights are other programs' as often as ours: what isn't as the trainer writes it says nothing, or is named. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { epochOfWeights } from '../../checkpoints/best-weights.js';
import { namedClasses } from '../../checkpoints/class-rows.js';
import { describeInput, inputOf } from '../../checkpoints/input-description.js';
import { parse } from '../../checkpoints/safetensors.js';
import { weightsContent } from '../../contract/weights-content.js';

test.each([
  ['{"epoch":7,"step":1,"metrics":{}}', 7],
  ['{"epoch":7', undefined],
  ['null', undefined],
  ['12', undefined],
  ['best', undefined],
  ['{}', undefined],
  ['{"epoch":"7"}', undefined],
])('the epoch of %s', (epoch, number) => {
  expect(epochOfWeights({ epoch })).toBe(number);
});

test.each([
  ['["a","b"]', ['a', 'b']],
  ['["a"', undefined],
  ['null', undefined],
  ['{"0":"a"}', undefined],
  ['["a",1]', undefined],
])('the classes of %s', (classes, names) => {
  expect(namedClasses({ classes })).toEqual(names);
  expect(namedClasses({})).toBeUndefined();
});

const image = { height: 28, width: 28, channels: 1 };
const whole = describeInput({ image, classNames: ['a', 'b'] });

test('what a model takes', () => {
  expect(inputOf({ ...whole, later: 'x' }, 'w')).toEqual({ image, classNames: ['a', 'b'] });
  expect(inputOf({ ...whole, image: JSON.stringify({ ...image, depth: 8 }) }, 'w').image).toMatchObject(
    image,
  );
});

test.each([
  [{ image: whole.image! }, 'w: its header doesn’t say'],
  [{ ...whole, image: '{"height":28' }, 'w: image in its header: it must be JSON: '],
  [{ ...whole, image: 'null' }, 'w: image in its header: it must be object, got null'],
  [{ ...whole, image: '{"height":28,"width":28}' }, 'w: image in its header: channels is missing'],
  [{ ...whole, image: JSON.stringify({ ...image, width: '28' }) }, 'width must be integer, got "28"'],
  [{ ...whole, classes: '"a"' }, 'w: classes in its header: it must be array, got "a"'],
  [{ ...whole, classes: '["a",null]' }, 'w: classes in its header: 1 must be string, got null'],
] as const)('what a model takes is named where it isn’t told: %j', (metadata, words) => {
  expect(() => inputOf(metadata as Record<string, string>, 'w')).toThrow(words.replace('’', "'"));
});

/** A file with one tensor of four bytes. */
function fileWith(header: Record<string, unknown>): Uint8Array {
  const json = Buffer.from(
    JSON.stringify({ ...header, t: { dtype: 'F32', shape: [1], data_offsets: [0, 4] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, Buffer.alloc(4)]);
}
const hashOf = (file: Uint8Array) => {
  const hash = createHash('sha256');
  for (const part of weightsContent(file)) hash.update(part);
  return hash.digest('hex');
};

test.each([
  [undefined, {}],
  [null, {}],
  ['pt', {}],
  [['pt'], {}],
  [{ format: 'pt', epoch: 7, classes: ['a'], image: null }, { format: 'pt' }],
])('metadata that are no texts are none: %j', (metadata, read) => {
  const file = fileWith(metadata === undefined ? {} : { __metadata__: metadata });
  expect(parse(file, 'f').metadata).toEqual(read);
  // They are no part of what makes weights equal.
  expect(hashOf(file)).toBe(hashOf(fileWith({})));
});

test('the hash of weights is what it always was', () => {
  expect(hashOf(fileWith({ __metadata__: { format: 'pt' } }))).toBe(
    '4761604a9f726154677cd7073a7b4ce90ffccd28352234b592ad565a560d7603',
  );
});

test.each([
  'null',
  '[]',
  '"x"',
  '{"t":null}',
  '{"t":{"dtype":"F32","shape":"1","data_offsets":[0,4]}}',
  '{"t":',
])('a header that is none is refused in words: %s', header => {
  const json = Buffer.from(header.padEnd(40));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const file = Buffer.concat([length, json, Buffer.alloc(4)]);
  expect(() => weightsContent(file)).toThrow(/is no safetensors file|is JSON/);
  expect(() => parse(file, 'f')).toThrow(/^f (is no safetensors file|is JSON)/);
});
