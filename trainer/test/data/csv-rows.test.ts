import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CsvError, forEachRow, type RowOptions } from '../../data/formats/csv-rows.js';
import { findColumn, readTable } from '../../data/formats/csv-table.js';
import { decodeText } from '../../data/formats/csv-text.js';

function parse(text: string, options?: RowOptions): { fields: string[]; line: number }[] {
  const rows: { fields: string[]; line: number }[] = [];
  forEachRow(text, (fields, line) => rows.push({ fields, line }), options);
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

test.each([
  ['a, b ,\tc\n', ['a', 'b', 'c']],
  ['a, "b, c" ,d', ['a', 'b, c', 'd']],
  ['" a ",b', [' a ', 'b']],
  ['a b,c', ['a b', 'c']],
])('blanks around a field are no part of it, unless they are quoted: %j', (text, fields) => {
  expect(parse(text)).toEqual([{ fields, line: 1 }]);
});

test('a tab between fields is no blank', () => {
  expect(parse('a\t\tb \tc', { delimiter: '\t' })[0]!.fields).toEqual(['a', '', 'b', 'c']);
});

test('old Mac line ends count lines, in quotes, too', () => {
  expect(parse('a\r"x\ry"\rb').map(({ line }) => line)).toEqual([1, 2, 4]);
});

test.each([
  ['UTF-8', Buffer.from('Id,é')],
  ['UTF-8 with its mark', Buffer.from('\uFEFFId,é')],
  ['UTF-16 LE with its mark', Buffer.from('\uFEFFId,é', 'utf16le')],
  ['UTF-16 BE with its mark', Buffer.from('\uFEFFId,é', 'utf16le').swap16()],
  ['UTF-16 LE without', Buffer.from('Id,é', 'utf16le')],
  ['UTF-16 BE without', Buffer.from('Id,é', 'utf16le').swap16()],
])('text in %s', (_, bytes) => {
  expect(decodeText(bytes)).toEqual({ text: 'Id,é' });
});

test('text in Windows-1252 is read with a word about it', () => {
  expect(decodeText(Buffer.from('Id\n1\nforêt\n', 'latin1'))).toEqual({
    text: 'Id\n1\nforêt\n',
    remark: expect.stringContaining('read as Windows-1252 (Latin-1), “forêt” in line 3'),
  });
});

test.each([
  [
    'Cyrillic of one byte a letter',
    Buffer.from('Id\n\xea\xee\xf2\n', 'latin1'),
    'line 2: not UTF-8 text, and not Win',
  ],
  [
    'two encodings',
    Buffer.concat([Buffer.from('Id\nforêt\n'), Buffer.from('for\xeat', 'latin1')]),
    'line 3: not UTF-8, though other',
  ],
  ['an Excel workbook', Buffer.from('PK\x03\x04xx'), 'an Excel workbook, not text'],
  ['a gzipped file', Buffer.from([0x1f, 0x8b, 8, 0]), 'gzipped: unpack it'],
  ['NULs', Buffer.from('Id,Category\n1,ca\0t\n'), 'line 2: a NUL (U+0000)'],
  [
    'half a UTF-16 file',
    Buffer.from('\uFEFFIdx', 'utf16le').subarray(0, 7),
    'looks like UTF-16 but is damaged',
  ],
])('%s is refused with the cause', (_, bytes, message) => {
  expect(() => decodeText(bytes)).toThrow(message);
});

const table = (text: string, columns = ['Id', 'Category']): string[][] => {
  const rows: string[][] = [];
  readTable(Buffer.from(text), { columns, row: fields => rows.push(fields) });
  return rows;
};

test.each([
  ['semicolons', 'Id;Category\n1;a,b\n'],
  ['tabs', 'Id\tCategory\n1\ta,b\n'],
  ['bars', 'Id|Category\n1|a,b\n'],
  ['a sep= line', 'sep=:\nId:Category\n1:a,b\n'],
  ['a quoted sep= line', '"sep=;"\r\nId;Category\r\n1;a,b\r\n'],
  ['commas, quoted where they are none', 'Id,Category\n1,"a,b"\n'],
  ['comments, and the header as one of them', '# made by a; program, "x\n#Id;Category\n1;a,b\n# end, "y\n'],
  ['empty rows of a program for tables', 'Id;Category\n;\n1;a,b\n;\n;\n'],
])('a table with %s', (_, text) => {
  expect(table(text)).toEqual([
    ['Id', 'Category'],
    ['1', 'a,b'],
  ]);
});

test('a header of other columns leaves the delimiter that all lines agree on', () => {
  expect(table('file;kind;x\n1;a,b;2\n')[0]).toEqual(['file', 'kind', 'x']);
});

test('columns by name, else by what differs in case and blanks alone', () => {
  expect(findColumn(['ID', 'Id'], 'Id')).toBe(1);
  expect(findColumn([' ID', 'Category'], 'Id')).toBe(0);
  expect(findColumn(['ID', 'id'], 'Id')).toBe(-1);
  expect(findColumn(['image', 'Category'], 'Id')).toBe(-1);
});
