import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { modelProblem } from '../../../trainer/contract/params.js';
import { expandGrid } from '../../grid/expand.js';
import { parseGrid } from '../../grid/load.js';

const folder = fileURLToPath(new URL('../../../../grids/', import.meta.url));
const files = ['', 'reference/'].flatMap(part =>
  readdirSync(folder + part)
    .filter(name => name.endsWith('.yaml') && !name.startsWith('slots'))
    .map(name => part + name),
);

it('there is a grid for each section of the report', () => {
  expect(files.filter(name => name.startsWith('reference/'))).toEqual([
    'reference/densenet.yaml',
    'reference/efficientnet.yaml',
    'reference/resnet18.yaml',
    'reference/resnet34-final.yaml',
    'reference/transformers.yaml',
  ]);
});

it.each(files)('%s: every cell is valid, and its model takes images of its data', file => {
  const cells = expandGrid(parseGrid(folder + file, readFileSync(folder + file, 'utf8')));
  expect(cells.length).toBeGreaterThan(0);
  const size = file === 'quickstart.yaml' ? 28 : 40;
  for (const { spec } of cells) expect(modelProblem(spec.model, spec.data.imageSize ?? size)).toBeUndefined();
});

it('the last setting of the report is as it was published', () => {
  const file = `${folder}reference/resnet34-final.yaml`;
  const [cell] = expandGrid(parseGrid(file, readFileSync(file, 'utf8')));
  expect(cell!.spec).toMatchObject({
    model: { name: 'resnet34', stemKernel: 3, dropout: 0.5 },
    optimizer: { name: 'adamw', learningRate: 1e-3, weightDecay: 1e-3 },
    scheduler: { name: 'plateau', factor: 0.1, patience: 10 },
    train: { epochs: 100, labelSmoothing: 0.1 },
  });
});
