import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GridError } from '../../domain/problem.js';
import { expandGrid } from '../../grid/expand.js';
import { parseGrid } from '../../grid/load.js';

const keys = [
  ...[
    'name',
    'description',
    'note',
    'objective',
    'data',
    'train',
    'model',
    'optimizer',
    'scheduler',
    'augmentation',
  ],
  ...['seed', 'trainer', 'params', 'axes', 'exclude', 'include', 'sample', 'retry', 'limits', 'stopping'],
];
/** Words that mean something somewhere, so that odd values get far. */
const word = fc.constantFrom(
  ...[
    'name',
    'sgd',
    'adam',
    'optimizer',
    'optimizer.momentum',
    'train.batchSize',
    'seed',
    'when',
    'values',
    'zip',
    'transforms',
  ],
  ...[
    'mix',
    'format',
    'csv',
    'root',
    'images',
    'labels',
    'count',
    'command',
    'metric',
    'epochs',
    'resnet20',
    '__proto__',
    '',
  ],
);
const value = fc.letrec<{ any: unknown }>(tie => ({
  any: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.constantFrom(null, true, 0, 1, -1, 0.5),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(word, tie('any'), { maxKeys: 3 }),
  ),
})).any;

const grid = `# what it is about
model: resnet20
optimizer: {name: sgd, momentum: 0.9} # as ever
train:
  epochs: 3
  batchSize: 8
axes:
  optimizer.learningRate: [0.1, 1e-2]
  seed:
    1: 1
    "2": 2
exclude:
  - {seed: 1, optimizer.learningRate: 1e-2}
note: >-
  one
  two
`;
/** What editors, chats, spreadsheets and bad disks put into files. */
const strange = fc.constantFrom(
  ...[
    '\0',
    '\x1b',
    '\t',
    '\r',
    '\r\n',
    '\x85',
    '\u00a0',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u2028',
    '\u3000',
    '\ufeff',
  ],
  ...[
    '：',
    '，',
    '［',
    '］',
    '｛',
    '“',
    '’',
    '–',
    '−',
    'а',
    '\ufe0f',
    '\ud800',
    '{',
    '}',
    '[',
    ':',
    '-',
    '#',
    '&a',
    '*a',
    '!!x',
    '<<',
    '"',
    '%YAML 1.1\n',
  ],
);
/** Besides these nothing in an error may be invisible. */
const unseen = /(?![ \n])[\p{Cc}\p{Zs}\p{Zl}\p{Zp}\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/** Cells of the text, or an error with places that can be read. */
function expectCellsOrPlaces(text: string): void {
  try {
    for (const { cellId } of expandGrid(parseGrid('a.yaml', text))) expect(cellId).toMatch(/^[0-9a-f]{16}$/);
  } catch (error) {
    expect(error).toBeInstanceOf(GridError);
    const lines = text.split(/\r\n?|\n/);
    expect((error as GridError).message).not.toMatch(unseen);
    for (const { line, column } of (error as GridError).problems) {
      expect(line).toBeGreaterThan(0);
      expect(line).toBeLessThanOrEqual(lines.length);
      expect(column).toBeGreaterThan(0);
      expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1);
    }
  }
}

describe('whatever a file holds', () => {
  it('a strange character or two anywhere give cells or a GridError with places in the file', () => {
    const places = fc.array(fc.tuple(fc.nat(grid.length), strange), { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(places, changes => {
        let text = grid;
        for (const [at, character] of changes) text = text.slice(0, at) + character + text.slice(at);
        expectCellsOrPlaces(text);
      }),
      { numRuns: 500 },
    );
  });

  it('loading gives cells or a GridError with places, never another error', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 5 }), grid => {
        expectCellsOrPlaces(JSON.stringify({ model: 'resnet20', optimizer: 'sgd', ...grid }));
      }),
      { numRuns: 300 },
    );
  });
});
