/** JSON of the results folder that isn't as it should be: named with the field, never believed, and no more is left out than must be. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Evaluation } from '../../../trainer/contract/evaluation.js';
import { encodeClasses, type Predictions } from '../../../trainer/contract/predictions.js';
import type { CellRecord } from '../../domain/stored.js';
import { readCell } from '../../readings/cell.js';
import { readEvaluation } from '../../store/cell-folder.js';
import { readPredictions } from '../../store/kept-predictions.js';
import { openStore } from '../../store/open-store.js';
import { rebuildStore } from '../../store/rebuild-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import { detailLines } from '../../terminal/cell-details.js';
import { cells, complete, grid, resultsFolder } from './fixtures.js';

async function filled() {
  const folder = resultsFolder();
  const store = await openStore(folder);
  store.registerGrid(grid, cells(2));
  const list = cells(2);
  const [first, second] = list as [CellRecord, CellRecord];
  for (const { cellId } of list) complete(store, cellId, [0.1, 0.2]);
  store.close();
  const paths = new ResultsPaths(folder);
  const rebuilt = async () => {
    const report = await rebuildStore(folder);
    const again = await openStore(folder, { readOnly: true });
    const found = again.cellsById(list.map(({ cellId }) => cellId));
    again.close();
    return { ...report, states: [...found.values()].map(({ state, epochs }) => [state, epochs]) };
  };
  return { paths, first, second, rebuilt };
}

const runWith = (column: string) =>
  `{"run":{"attempt":1,"slot_id":"s","state":"failed","started_ms":1,"host":"h","pid":1,${column}}}`;

test.each([
  ['{"finished":null}', 'finished must be object, got null'],
  ['{"finished":{"epoch":2,"step":20}}', 'finished.metrics is missing'],
  [
    '{"finished":{"epoch":2,"step":20,"metrics":{"validationAccuracy":"high"}}}',
    'must be number or null, got "high"',
  ],
  ['{"dropAfter":"all"}', 'dropAfter must be integer, got "all"'],
  ['{"dropAfter":null}', 'dropAfter must be integer, got null'],
  ['{"run":null}', 'run must be object, got null'],
  ['{"run":{"attempt":1}}', 'run.slot_id is missing'],
  [
    '{"run":{"attempt":1,"slot_id":"s","state":"lost","started_ms":1,"host":"h","pid":1}}',
    'run.state must be one of queued, ',
  ],
  [
    '{"run":{"attempt":1,"slot_id":"s","state":"failed","started_ms":1,"host":"h","pid":1,"engine_name":{}}}',
    'run.engine_name must be string or null, got {}',
  ],
  ['{"cell":{"lastRun":"1"}}', 'cell.lastRun must be integer or null, got "1"'],
  [
    '{"cell":{"lastRun":1,"trainedRun":1,"validationImages":null,"stale":null,"held":"lost"}}',
    'cell.held must be one of paused, stopped',
  ],
  [
    '{"cell":{"lastRun":1,"trainedRun":1,"validationImages":null,"stale":"the data"}}',
    'cell.stale: it must be JSON: ',
  ],
  [
    '{"cell":{"lastRun":1,"trainedRun":1,"validationImages":null,"stale":"[1]"}}',
    'cell.stale: 0 must be string, got 1',
  ],
  [runWith('"engine_cpu":"{}"'), 'run.engine_cpu: oneDnn is missing; flags is missing'],
  [runWith('"engine_cpu":"x"'), 'run.engine_cpu: it must be JSON: '],
  [runWith('"ended_ms":"late"'), 'run.ended_ms must be integer or null, got "late"'],
  [runWith('"trainer_sources":7'), 'run.trainer_sources must be string or null, got 7'],
  [runWith('"warnings":null'), 'run.warnings must be integer, got null'],
  ['{"note":{"note":1}}', 'note.time_ms is missing'],
])('a line of a record that is none is left out alone, and named: %s', async (line, words) => {
  const { paths, first, rebuilt } = await filled();
  const { record } = paths.cell(first.cellId);
  const lines = readFileSync(record, 'utf8').trimEnd().split('\n').length;
  writeFileSync(record, `${readFileSync(record, 'utf8')}${line}\n`);
  const { problems, states } = await rebuilt();
  expect(problems).toEqual([expect.stringContaining(`${record}:${lines + 1}: `)]);
  expect(problems[0]).toContain(words);
  expect(states).toEqual([
    ['completed', 2],
    ['completed', 2],
  ]);
});

test.each(['', '{"finished":{"epo', 'null', '[]', '7', '{}', '{"later":{"x":1}}'])(
  'a line that a crash cut off, or that a newer version wrote, is passed over: %s',
  async line => {
    const { paths, first, rebuilt } = await filled();
    const { record } = paths.cell(first.cellId);
    writeFileSync(record, `${readFileSync(record, 'utf8')}${line}\n`);
    const { problems, states } = await rebuilt();
    expect(problems).toEqual([]);
    expect(states[0]).toEqual(['completed', 2]);
  },
);

test.each([
  ['{"version":1', 'it must be JSON: '],
  ['null', 'it must be object, got null'],
  [{ objective: undefined }, 'objective is missing'],
  [{ data: null }, 'data must be object, got null'],
  [{ model: 'resnet18' }, 'model must be object, got "resnet18"'],
  [{ train: {} }, 'train.epochs is missing'],
  [{ seed: '1' }, 'seed must be integer, got "1"'],
])('a cell without readable settings is left out, and named: %j', async (harm, words) => {
  const { paths, first, second, rebuilt } = await filled();
  rmSync(paths.grids, { recursive: true });
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  const { runSpec } = paths.cell(first.cellId);
  writeFileSync(runSpec, typeof harm === 'string' ? harm : text({ ...first.spec, ...harm }));
  writeFileSync(paths.cell(second.cellId).runSpec, text({ ...second.spec, later: 1 }));
  const { problems, states } = await rebuilt();
  expect(problems).toEqual([expect.stringContaining(`${runSpec}: ${words}`)]);
  expect(states).toEqual([['completed', 2]]);
});

test.each([
  ['{"grid":', 'it must be JSON: '],
  ['null', 'it must be object, got null'],
  [{ cells: 'all' }, 'cells must be array, got "all"'],
  [{ grid: undefined }, 'grid is missing'],
  [
    {
      grid: {
        ...{ grid: 1, name: 7, description: '', file: '', objective_metric: 'm', hash: '', registered_ms: 1 },
        objective_direction: 'up',
      },
    },
    'grid.name must be string, got 7; grid.objective_direction must be one of maximize, minimize, got "up"',
  ],
  [{ grid: { grid: 1, name: 'g' } }, 'grid.description is missing'],
  [{ sections: {} }, 'is missing'],
])('a grid’s file that is none is left out, and named: %j', async (harm, words) => {
  const { paths, first, second, rebuilt } = await filled();
  const file = paths.gridFile(grid.name);
  const content = JSON.parse(readFileSync(file, 'utf8'));
  for (const { cellId, spec } of [first, second])
    writeFileSync(paths.cell(cellId).runSpec, JSON.stringify(spec));
  writeFileSync(file, typeof harm === 'string' ? harm : JSON.stringify({ ...content, ...harm }));
  const { problems, states } = await rebuilt();
  expect(problems).toEqual([expect.stringContaining(`${file}: `)]);
  expect(problems[0]).toContain(words);
  expect(states).toEqual([
    ['completed', 2],
    ['completed', 2],
  ]);
});

const evaluation: Evaluation = {
  ...{ version: 1, epoch: 2, weightsHash: 'h', images: 2, loss: null, accuracy: 0.5, top5Accuracy: 1 },
  expectedCalibrationError: 0.1,
  classes: [{ name: '0', images: 2, accuracy: null }],
  confusion: [[2]],
};

test.each([
  ['{"version":1', ': it must be JSON: '],
  ['null', ': it must be object, got null'],
  [{ accuracy: '50%' }, ': accuracy must be number or null, got "50%"'],
  [{ classes: [{ name: '0' }] }, ': classes.0.images is missing; classes.0.accuracy is missing'],
  [{ confusion: undefined }, ': confusion is missing'],
])('figures that are none are named: %j', (harm, words) => {
  const paths = new ResultsPaths(resultsFolder()).cell('a');
  expect(readEvaluation(paths)).toBeNull();
  mkdirSync(paths.root, { recursive: true });
  writeFileSync(
    paths.evaluation,
    typeof harm === 'string' ? harm : JSON.stringify({ ...evaluation, ...harm }),
  );
  expect(() => readEvaluation(paths)).toThrow(`${paths.evaluation}${words}`);
});

test('figures may say more than is known here', () => {
  const paths = new ResultsPaths(resultsFolder()).cell('a');
  mkdirSync(paths.root, { recursive: true });
  writeFileSync(paths.evaluation, JSON.stringify({ ...evaluation, later: 1 }));
  expect(readEvaluation(paths)).toMatchObject(evaluation);
});

test('figures that can’t be read hide nothing else of their cell', async () => {
  const { paths, first } = await filled();
  const folder = paths.cell(first.cellId);
  writeFileSync(folder.evaluation, '{"version":1');
  const store = await openStore(paths.root, { readOnly: true });
  const reading = readCell(store, paths, first.cellId);
  store.close();
  expect(reading).toMatchObject({ state: 'completed', evaluation: null });
  expect(reading.epochs).toHaveLength(2);
  expect(detailLines(reading, undefined).at(-1)).toContain(
    `the figures of the best weights can’t be read: ${folder.evaluation}: it must be JSON: `,
  );
});

const predictions: Predictions = {
  ...{ version: 1, epoch: 2, weightsHash: 'h', data: 'd', split: 's', images: 3 },
  labels: encodeClasses([0, 1, 300]),
  predicted: encodeClasses([0, 65535, 300]),
};

test.each([
  ['{"version":1', ': it must be JSON: '],
  [{ images: '3' }, ': images must be integer, got "3"'],
  [{ split: undefined }, ': split is missing'],
  [{ predicted: encodeClasses([1, 2]) }, ': predicted: expected a class of each of 3 images, got 2'],
  [{ labels: '' }, ': labels: expected a class of each of 3 images, got 0'],
])('predictions that are none are named: %j', (harm, words) => {
  const paths = new ResultsPaths(resultsFolder()).cell('a');
  expect(readPredictions(paths)).toBeNull();
  mkdirSync(paths.root, { recursive: true });
  writeFileSync(paths.predictions, JSON.stringify(predictions));
  expect(readPredictions(paths)).toMatchObject({ epoch: 2, isRight: [true, false, true] });
  writeFileSync(
    paths.predictions,
    typeof harm === 'string' ? harm : JSON.stringify({ ...predictions, ...harm }),
  );
  expect(() => readPredictions(paths)).toThrow(`${paths.predictions}${words}`);
});
