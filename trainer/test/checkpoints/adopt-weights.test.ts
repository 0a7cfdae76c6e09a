import { describe, expect, it } from 'vitest';
import { adoptWeights } from '../../checkpoints/adopt-weights.js';
import { bytesOf, type EntryDescription } from '../../checkpoints/state-dict.js';
import type { ElementType } from '../../contract/safetensors-header.js';
import { readGolden } from '../golden.js';

const {
  source: _,
  ...timmNames
}: Record<string, Record<string, string>> = JSON.parse(readGolden('timm-names.json').toString());

const entry = (name: string, shape: number[], role: EntryDescription['role'] = 'parameter') =>
  ({ name, shape, role, layout: shape.length === 4 ? 'HWIO' : 'plain' }) as const;
const file = (tensors: Record<string, number[]>) => ({
  metadata: {},
  tensors: new Map(
    Object.entries(tensors).map(([name, shape]) => {
      const count = shape.reduce((product, side) => product * side, 1);
      const bytes = bytesOf(Float32Array.from({ length: count }, (_, i) => i));
      return [name, { type: 'F32' as const, shape, bytes }];
    }),
  ),
});

describe('weights of another model', () => {
  it('are taken where name and shape fit, filters in our layout, and the rest is told', () => {
    const entries = [
      entry('conv.weight', [1, 1, 2, 3]),
      entry('fc.weight', [5, 4]),
      entry('fc.bias', [5]),
      entry('bn.num_batches_tracked', [], 'counter'),
    ];
    const { values, skipped } = adoptWeights(
      entries,
      file({ 'conv.weight': [3, 2, 1, 1], 'fc.weight': [9, 4], other: [1], 'bn.num_batches_tracked': [] }),
    );
    expect(values).toEqual({ 'conv.weight': Float32Array.of(0, 2, 4, 1, 3, 5) });
    expect(skipped).toEqual([
      'fc.weight ([9,4], the model has [5,4])',
      'other (the model has none)',
      'fc.bias (not in the file)',
    ]);
  });

  it.each(Object.keys(timmNames))('are found by timm’s names: %s', model => {
    const names = Object.entries(timmNames[model]!);
    const entries = names.map(([, torchvision]) => entry(torchvision, [2]));
    for (const prefix of ['', 'module.', '_orig_mod.module.']) {
      const tensors = Object.fromEntries(names.map(([timm], i) => [prefix + timm, [2 + (i % 2)]]));
      const { values, skipped } = adoptWeights(entries, file(tensors));
      // Every other one has another shape: each name must lead to its own entry.
      expect(Object.keys(values)).toEqual(
        names.filter((_, i) => i % 2 === 0).map(([, torchvision]) => torchvision),
      );
      expect(skipped).toEqual(
        names.filter((_, i) => i % 2 === 1).map(([timm]) => `${prefix}${timm} ([3], the model has [2])`),
      );
    }
  });

  it('are taken from a 1×1 convolution to a linear layer, and back', () => {
    const linear = adoptWeights([entry('fc.weight', [3, 2])], file({ 'fc.weight': [3, 2, 1, 1] }));
    expect(linear.values).toEqual({ 'fc.weight': Float32Array.of(0, 1, 2, 3, 4, 5) });
    const convolution = adoptWeights([entry('fc.weight', [1, 1, 2, 3])], file({ 'fc.weight': [3, 2] }));
    expect(convolution.values).toEqual({ 'fc.weight': Float32Array.of(0, 2, 4, 1, 3, 5) });
  });
});

describe('element types', () => {
  const of = (type: ElementType, bytes: Uint8Array, shape: number[]) => ({ type, shape, bytes });
  it('that aren’t needed or no weights are skipped, and others are read as float32', () => {
    const entries = [entry('a', [2]), entry('b', [1]), entry('c', [1])];
    const tensors = new Map([
      ['a', of('F64', new Uint8Array(Float64Array.of(0.1, 2).buffer), [2])],
      ['b', of('I8', Uint8Array.of(3), [1])],
      ['c', of('BF16', Uint8Array.of(0xc0, 0x3f), [1])],
      ['steps', of('I32', new Uint8Array(4), [])],
      ['mask', of('BOOL', new Uint8Array(2), [2])],
      ['packed', of('F4', new Uint8Array(1), [2])],
    ]);
    const { values, skipped } = adoptWeights(entries, { metadata: {}, tensors });
    expect(values).toEqual({ a: Float32Array.of(0.1, 2), c: Float32Array.of(1.5) });
    expect(skipped).toEqual([
      'b (I8: weights are floating-point numbers)',
      'steps (the model has none)',
      'mask (the model has none)',
      'packed (the model has none)',
    ]);
  });
});

describe('the rows of the last layer', () => {
  const head = [
    { ...entry('fc.weight', [3, 2]), ofClasses: true },
    { ...entry('fc.bias', [3]), ofClasses: true },
  ];
  const initial = {
    'fc.weight': Float32Array.of(10, 11, 12, 13, 14, 15),
    'fc.bias': Float32Array.of(7, 8, 9),
  };
  /** Row r of the file's weights holds 2r and 2r + 1, its bias r. */
  const adopt = (ofFile: string[] | undefined, rows = ofFile!.length) =>
    adoptWeights(
      head,
      {
        ...file({ 'fc.weight': [rows, 2], 'fc.bias': [rows] }),
        metadata: ofFile ? { classes: JSON.stringify(ofFile) } : {},
      },
      { classNames: ['ant', 'bee', 'cat'], initial },
    );
  const none = { skipped: [], partial: [], resized: [], remarks: [] };

  it('stay where the classes are the same', () => {
    expect(adopt(['ant', 'bee', 'cat'])).toMatchObject({
      ...none,
      values: { 'fc.weight': Float32Array.of(0, 1, 2, 3, 4, 5), 'fc.bias': Float32Array.of(0, 1, 2) },
    });
  });

  it('follow the names of the classes', () => {
    expect(adopt(['cat', 'ant', 'bee'])).toMatchObject({
      ...none,
      values: { 'fc.weight': Float32Array.of(2, 3, 4, 5, 0, 1), 'fc.bias': Float32Array.of(1, 2, 0) },
      remarks: [
        'fc.weight by the names of its classes, which are in another order',
        'fc.bias by the names of its classes, which are in another order',
      ],
    });
  });

  it.each([
    [
      ['bee', 'dog', 'cat', 'eel'],
      [10, 11, 0, 1, 4, 5],
      [7, 0, 2],
    ],
    [
      ['dog', 'cat'],
      [10, 11, 12, 13, 2, 3],
      [7, 8, 1],
    ],
    [
      ['eel', 'dog', 'ant'],
      [4, 5, 12, 13, 14, 15],
      [2, 8, 9],
    ],
  ])('are taken of known classes alone: %j', (ofFile, weight, bias) => {
    const { values, partial, skipped } = adopt(ofFile);
    expect(values).toEqual({ 'fc.weight': Float32Array.from(weight), 'fc.bias': Float32Array.from(bias) });
    expect(skipped).toEqual([]);
    const known = ofFile.filter(name => ['ant', 'bee', 'cat'].includes(name)).length;
    expect(partial[0]).toContain(
      `fc.weight (the rows of ${known} of its ${ofFile.length} classes, by name; none for `,
    );
    expect(initial['fc.bias']).toEqual(Float32Array.of(7, 8, 9));
  });

  it('are not taken of other classes, as many as they may be', () => {
    const { values, skipped } = adopt(['dog', 'eel', 'fox']);
    expect(values).toEqual({});
    expect(skipped[0]).toBe("fc.weight (none of its classes is one of the data's: dog, eel, fox)");
  });

  it('are taken as they come where the file names no classes, which is said', () => {
    const { values, remarks } = adopt(undefined, 3);
    expect(values['fc.bias']).toEqual(Float32Array.of(0, 1, 2));
    expect(remarks[0]).toBe("fc.weight in the file's order of classes, which it doesn't name");
  });
});

describe('position embeddings', () => {
  // torch.nn.functional.interpolate(…, mode='bicubic', align_corners=True) of PyTorch 2.13, a class token in front.
  const of3 = [
    -1.12584, -1.15236, -0.25058, -0.43388, 0.59884, -1.5551, -0.34136, 1.85301, 0.4681, -0.15771, 1.44366,
    0.26605, 1.38937, 1.58633, 0.9463, -0.84368, 0.93183, 1.25901, 2.00498, 0.05374,
  ];
  const resized = {
    2: [-1.12584, -1.15236, -0.25058, -0.43388, -0.34136, 1.85301, 0.9463, -0.84368, 2.00498, 0.05374],
    4: [
      -1.12584, -1.15236, -0.25058, -0.43388, 0.4359, -1.5808, 0.39723, -0.60675, -0.34136, 1.85301, 0.18871,
      -0.16844, 0.95626, -0.59007, 1.20644, 0.26562, 0.77611, 1.84058, 0.69849, -0.34298, 1.11864, 0.39457,
      1.57735, 0.99819, 1.77547, 1.07422, 0.9463, -0.84368, 0.81714, 0.73097, 1.26806, 1.1132, 2.00498,
      0.05374,
    ],
  };
  const stored = (shape: number[]) => ({
    type: 'F32' as const,
    shape,
    bytes: bytesOf(Float32Array.from(of3)),
  });
  const adopt = (to: number[], shape = [1, 10, 2]) =>
    adoptWeights([entry('encoder.pos_embedding', to)], {
      metadata: {},
      tensors: new Map([['pos_embed', stored(shape)]]),
    });

  it.each([2, 4] as const)('are interpolated to %i × %i patches as PyTorch does', side => {
    const { values, skipped, resized: told } = adopt([1, 1 + side * side, 2]);
    resized[side].forEach((value, i) => {
      expect(values['encoder.pos_embedding']![i]).toBeCloseTo(value, 4);
    });
    expect(skipped).toEqual([]);
    expect(told).toEqual([`pos_embed ([1,10,2], the model has [1,${1 + side * side},2])`]);
  });

  it.each([
    ['another width', [1, 17, 3]],
    ['patches that are no square', [1, 8, 2]],
  ])('are skipped with %s', (_, to) => {
    expect(adopt(to).values).toEqual({});
    expect(adopt(to).skipped).toHaveLength(1);
  });
});
