import { describe, expect, it } from 'vitest';
import { arrayFile } from '../../export/array-file.js';
import { filledTemplate, submissionText } from '../../export/submission.js';

const predictions = {
  ids: ['test/1.jpg', 'a,b'],
  classes: ['0', 'cat'],
  probabilities: Float32Array.of(0.25, 0.75, 0.6, 0.4),
};

describe('a submission', () => {
  it('has the most probable class under two columns', () => {
    expect(submissionText(predictions, ['Id', 'Category'])).toBe('Id,Category\ntest/1.jpg,cat\n"a,b",0\n');
  });

  it('has probabilities under a column a class, in the order of the columns', () => {
    expect(submissionText(predictions, ['Id', 'cat', '0'])).toBe(
      'Id,cat,0\ntest/1.jpg,0.75,0.25\n"a,b",0.4,0.6\n',
    );
  });

  it('refuses other columns', () => {
    expect(() => submissionText(predictions, ['Id', 'dog', '0'])).toThrow(
      /expected two .* or an id and the 2 classes/,
    );
  });
});

describe('a filled sample', () => {
  const template = {
    start: '\uFEFF',
    delimiter: ';',
    lineEnd: '\r\n',
    endsWithLine: false,
    idColumn: 'Id',
    header: ['Category', '"Id"', 'Usage'],
    columns: [
      { fill: 'class' as const, quoted: false },
      { kept: ['"test/1.jpg"', 'a,b'] },
      { kept: ['Public', ''] },
    ],
  };
  it('is written as the sample is', () => {
    expect(filledTemplate(predictions, template)).toBe(
      '\uFEFFCategory;"Id";Usage\r\ncat;"test/1.jpg";Public\r\n0;a,b;',
    );
  });

  it('has probabilities where these are asked for, and quotes', () => {
    const columns = [{ kept: ['x', 'y'] }, { fill: 1, quoted: true }, { fill: 0, quoted: false }];
    expect(filledTemplate(predictions, { ...template, start: '', endsWithLine: true, columns })).toBe(
      'Category;"Id";Usage\r\nx;"0.75";0.25\r\ny;"0.4";0.6\r\n',
    );
    const named = { ...predictions, classes: ['a;b', 'cat'] };
    expect(filledTemplate(named, template)).toContain('"a;b";a,b;');
  });
});

describe('a file of a matrix', () => {
  const values = Float32Array.of(1, 2, 3, 4, 5, 6);
  const matrix = { name: 'features', rows: 2, columns: 3, values, description: { ids: '["a","b"]' } };

  it('is .npy with its data aligned', () => {
    const bytes = Buffer.from(arrayFile('x.npy', matrix)!);
    const start = 10 + bytes.readUInt16LE(8);
    expect(start % 64).toBe(0);
    expect(bytes.toString('latin1', 0, 8)).toBe('\x93NUMPY\x01\x00');
    expect(bytes.toString('latin1', 10, start)).toContain("'shape': (2, 3)");
    expect(bytes.readFloatLE(start + 20)).toBe(6);
  });

  it('is .safetensors with names of rows in its header', () => {
    const bytes = Buffer.from(arrayFile('x.safetensors', matrix)!);
    const length = Number(bytes.readBigUInt64LE());
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + length));
    expect(header).toEqual({
      __metadata__: { ids: '["a","b"]' },
      features: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    });
    expect(bytes.readFloatLE(8 + length + 8)).toBe(3);
  });

  it('is nothing else', () => {
    expect(arrayFile('x.csv', matrix)).toBeUndefined();
  });
});
