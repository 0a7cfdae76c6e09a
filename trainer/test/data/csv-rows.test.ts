import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvError, decodeText, forEachRow } from '../../data/formats/csv-rows.js';

function parse(text: string): { fields: string[]; line: number }[] {
  const rows: { fields: string[]; line: number }[] = [];
  forEachRow(text, (fields, line) => rows.push({ fields, line }));
  return rows;
}

const quoted = (field: string) => `"${field.replaceAll('"', '""')}"`;

test('whatever is written with quotes is read again, with any line ending', () => {
  const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r', ' ', '') });
  const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(table, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), (rows, end, isEnded) => {
      const text = rows.map(row => row.map(quoted).join(',')).join(end) + (isEnded ? end : '');
      expect(parse(text).map(({ fields }) => fields)).toEqual(rows);
    }),
  );
});

test('rows know the line they begin in', () => {
  expect(parse('a,b\r\n"x\ny",1\n\nc,2')).toEqual([
    { fields: ['a', 'b'], line: 1 },
    { fields: ['x\ny', '1'], line: 2 },
    { fields: ['c', '2'], line: 5 },
  ]);
});

test('an empty last field is a field', () => {
  expect(parse('a,\n').map(({ fields }) => fields)).toEqual([['a', '']]);
  expect(parse('a,').map(({ fields }) => fields)).toEqual([['a', '']]);
});

test.each([
  ['a,"b\nc', 'line 1: a quoted field has no end'],
  ['a,b\n"c"d,e', 'line 2: text after a closing quote'],
])('%j is an error', (text, message) => {
  expect(() => parse(text)).toThrow(new CsvError(message));
});

test('text is UTF-8, with or without a byte-order mark', () => {
  expect(decodeText(Buffer.from('\uFEFFId,é'))).toBe('Id,é');
  expect(() => decodeText(Buffer.from('Id,é', 'latin1'))).toThrow('not UTF-8');
});
