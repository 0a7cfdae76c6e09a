import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { cellsOf } from './grid-fixture.js';

const reference = readFileSync(
  fileURLToPath(new URL('../../../../grids/README.md', import.meta.url)),
  'utf8',
);
const examples = [...reference.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);

/** What the examples leave out. */
const around = {
  model: 'resnet20',
  optimizer: 'sgd',
  axes: { model: ['resnet18', 'resnet50'], 'train.batchSize': [64, 128, 256], seed: [1, 2, 3, 4, 5, 6] },
};

it('every example of the reference is a grid, with as many cells as it says', () => {
  const sizes = examples.map(text => {
    const own = parse(text) as Record<string, unknown>;
    const rest = own.trainer
      ? {}
      : own.exclude || own.expect
        ? around
        : { model: around.model, optimizer: around.optimizer };
    return cellsOf(JSON.stringify({ ...rest, ...own })).length;
  });
  expect(sizes).toEqual([6, 1, 1, 1, 1, 1, 2, 3, 4, 22, 36, 1]);
});
