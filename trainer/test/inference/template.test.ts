import { describe, expect, it } from 'vitest';
import { imageFinder } from '../../data/formats/image-finder.js';
import { readTemplate } from '../../inference/template.js';

const names = ['test/0.png', 'test/1.png', 'test/2.png'];
const pets = ['cat', 'dog'];

function read(text: string | Uint8Array, classes = pets, asked: string[] | null = null) {
  return readTemplate('s.csv', typeof text === 'string' ? Buffer.from(text) : text, {
    find: imageFinder(names).find,
    names,
    images: 'test.zip',
    classes,
    known: { id: 'Id', label: 'Category' },
    asked,
  });
}
/** What each column holds: `id`, `class`, the name of a class for its probability, `kept`. */
function columnsOf(text: string, classes = pets, asked: string[] | null = null) {
  const { template, ids } = read(text, classes, asked);
  return template.columns.map(column => {
    if ('kept' in column) return column.kept.every((raw, row) => raw.includes(ids[row]!)) ? 'id' : 'kept';
    return column.fill === 'class' ? 'class' : classes[column.fill];
  });
}

describe('the columns of a sample submission', () => {
  const digits = ['0', '1', '2'];
  it.each<[string, string[], string[]]>([
    ['Id,Category\n0.png,cat\n1.png,cat\n', pets, ['id', 'class']],
    ['Category,Id\ncat,0.png\ncat,1.png\n', pets, ['class', 'id']],
    // Every label is the name of an image without its extension, too.
    ['label,id\n0,1\n0,2\n', digits, ['class', 'id']],
    ['target,image\n0,1\n1,0\n', digits, ['class', 'id']],
    ['id,label\n1,0\n2,0\n', digits, ['id', 'class']],
    ['id,label\n1,\n2,\n', pets, ['id', 'class']],
    ['id,label\n1,?\n2,?\n', pets, ['id', 'class']],
    ['dog,file,cat\n0.5,0.png,0.5\n0.5,1.png,0.5\n', pets, ['dog', 'id', 'cat']],
    ['id,2,0,1\n0,0,0,0\n1,0,0,0\n', digits, ['id', '2', '0', '1']],
    ['id,dog\n0.png,0.5\n1.png,0.5\n', pets, ['id', 'dog']],
    ['id,width,Category\n0.png,8,cat\n1.png,8,dog\n', pets, ['id', 'kept', 'class']],
    ['n,Category,id\n5,x,0.png\n6,x,1.png\n', pets, ['kept', 'class', 'id']],
  ])('%j of %j are %j', (text, classes, kinds) => {
    expect(columnsOf(text, classes)).toEqual(kinds);
  });

  it.each<[string, string[], string[] | null, RegExp]>([
    [
      'id,target\n0.png,0.5\n1.png,0.5\n',
      pets,
      null,
      /target holds numbers \(0\.5\).*--columns ID,target=dog/,
    ],
    [
      'id,target\n0.png,0\n1.png,1\n',
      pets,
      null,
      /target holds numbers \(0, 1\) and classes are called cat, dog/,
    ],
    ['id,target\n0.png,0.1\n1.png,0.1\n', digits, null, /target holds numbers/],
    [
      'a,b\n0,1\n1,0\n',
      digits,
      null,
      /which of its columns a, b holds the ids can't be told: 2 of them.*--columns ID/,
    ],
    ['a,b\nx,y\nz,y\n', pets, null, /can't be told: none name images in test\.zip/],
    ['id,cat,horse\n0.png,0,0\n', pets, null, /no classes are horse; classes without a column: dog/],
    [
      'id,cat\n0.png,0,1\n1.png\n2.png,1\n',
      pets,
      null,
      /2 rows have another number of fields than the 2 of the header: line 2 \(3\), line 3 \(1\)/,
    ],
    [
      'id,Category\n0.png,cat\n9.png,cat\n',
      pets,
      null,
      /1 of 2 ids have no image in test\.zip: 9\.png; images there: test\/0\.png/,
    ],
    ['id,Category\n0.png,cat\n1.png,cat\n0,cat\n', pets, null, /1 ids are there twice: 0 \(lines 2 and 4\)/],
    ['0.png,cat\n1.png,cat\n', pets, null, /it has no header: its first line is 0\.png, cat/],
    ['id,Category\n', pets, null, /there are no rows/],
    ['id\n0.png\n', pets, null, /expected a header with an id and at least one more column/],
    ['id,"Category\n0.png,cat\n', pets, null, /line 1: a quoted field has no end/],
    ['id,target\n0.png,0.5\n', pets, ['id', 'target=horse'], /horse is no class/],
    [
      'id,target\n0.png,0.5\n',
      pets,
      ['name', 'target'],
      /there is no column name \(--columns\); there are id, target/,
    ],
  ])('%j of %j with %j is refused', (text, classes, asked, message) => {
    expect(() => read(text, classes, asked)).toThrow(message);
    expect(() => read(text, classes, asked)).toThrow(/^--sample s\.csv: /);
  });

  it.each<[string, string[], string[]]>([
    ['id,target\n0.png,0.5\n1.png,0.5\n', ['id', 'target'], ['id', 'class']],
    ['id,target\n0.png,0.5\n1.png,0.5\n', ['id', 'target=dog'], ['id', 'dog']],
    ['a,b\n0,1\n1,0\n', ['b'], ['kept', 'id']],
    ['ID,p1,p2,usage\n0,0,0,x\n1,0,0,y\n', ['id', 'p1=dog', 'p2=cat'], ['id', 'dog', 'cat', 'kept']],
  ])('%j are what %j says: %j', (text, asked, kinds) => {
    if (asked.length === 1) expect(() => columnsOf(text, pets, asked)).toThrow(/a holds numbers/);
    else expect(columnsOf(text, pets, asked)).toEqual(kinds);
  });
});

describe('the way that a sample is written', () => {
  it.each([
    [
      '\uFEFFId;Category\r\n0.png;cat\r\n',
      { start: '\uFEFF', delimiter: ';', lineEnd: '\r\n', endsWithLine: true },
    ],
    [
      'sep=;\nId;Category\n0.png;cat',
      { start: 'sep=;\n', delimiter: ';', lineEnd: '\n', endsWithLine: false },
    ],
    ['Id\tCategory\n\n0.png\tcat\n', { start: '', delimiter: '\t' }],
    [
      '"Id, of it",Category\n0.png,cat\n',
      { delimiter: ',', header: ['"Id, of it"', 'Category'], idColumn: 'Id, of it' },
    ],
  ])('%j is kept', (text, expected) => {
    const { template, ids } = read(text);
    expect(template).toMatchObject(expected);
    expect(ids).toEqual(['0.png']);
  });

  it('has its quotes', () => {
    const { template } = read('"Id","Category"\n"0.png","cat"\n"1.png","dog"\n');
    expect(template.columns).toEqual([{ kept: ['"0.png"', '"1.png"'] }, { fill: 'class', quoted: true }]);
  });

  it('is UTF-8', () => {
    expect(() => read(Buffer.from('Id,Catégory\n0.png,cat\n', 'latin1'))).toThrow(
      /not UTF-8 text; save it as UTF-8/,
    );
  });
});
