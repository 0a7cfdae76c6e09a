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

describe('whatever a file holds', () => {
  it('loading gives cells or a GridError with places, never another error', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 5 }), grid => {
        try {
          const text = JSON.stringify({ model: 'resnet20', optimizer: 'sgd', ...grid });
          for (const { cellId } of expandGrid(parseGrid('a.yaml', text)))
            expect(cellId).toMatch(/^[0-9a-f]{16}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(GridError);
          for (const { line, column } of (error as GridError).problems)
            expect(line * column).toBeGreaterThan(0);
        }
      }),
      { numRuns: 300 },
    );
  });
});
