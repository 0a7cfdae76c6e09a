import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import type { Evaluation } from '../../../trainer/contract/evaluation.js';
import { fileName } from '../../export/tensorboard/cell-events.js';
import { TensorboardFollower } from '../../export/tensorboard/follow.js';
import { openStore } from '../../store/open-store.js';
import { ResultsPaths } from '../../store/run-paths.js';
import type { StoreWriter } from '../../store/run-store.js';
import { json, saw, startGrid, workFolder, writeGrid } from '../fixtures/cli.js';
import { cells, complete, epochsWith, grid, resultsFolder, start } from '../store/fixtures.js';
import { hasTensorboard, readByTensorboard } from './tensorboard-fixtures.js';

const words = (text: string) =>
  hasTensorboard ? text : `${text} (skipped without the Python package tensorboard)`;
const reads = test.skipIf(!hasTensorboard);
const [first, second] = cells(2).map(({ cellId }) => cellId) as [string, string];

async function following() {
  const results = resultsFolder();
  const paths = new ResultsPaths(results);
  const store = await openStore(results);
  store.registerGrid(grid, cells(2));
  const open = () => new TensorboardFollower({ store, paths, grid: grid.name, folder: paths.tensorboard });
  const root = join(paths.tensorboard, encodeURIComponent(grid.name));
  return { store, paths, open, root, file: join(root, first, fileName) };
}

/** Epochs `from`, … of a new run that is not over. */
function train(store: StoreWriter, from: number, accuracies: readonly number[]) {
  const run = store.startRun(first, 'local/cpu0');
  store.recordStarted(run, { ...start, resumedFromEpoch: from - 1 });
  const all = epochsWith([...Array(from - 1).fill(0), ...accuracies]);
  for (const record of all.slice(from - 1)) store.recordEpoch(run, record);
  return run;
}

reads(
  words('epochs are there while a run goes on, at its end its best value and its confusion matrix'),
  async () => {
    const { store, paths, open, root } = await following();
    const follower = open();
    const run = train(store, 1, [0.25, 0.5]);
    follower.look();
    const running = readByTensorboard(root)[first]!;
    expect(running.scalars.validationAccuracy).toEqual([
      [1, 0.25],
      [2, 0.5],
    ]);
    expect(running.hparams.status).toBeUndefined();
    const evaluation: Evaluation = {
      ...{ version: 1, epoch: 2, weightsHash: 'abc', images: 4, loss: 1, accuracy: 0.75, top5Accuracy: 1 },
      expectedCalibrationError: 0.1,
      classes: ['<cat>', 'dog'].map(name => ({ name, images: 2, accuracy: 0.5 })),
      confusion: [
        [1, 1],
        [0, 2],
      ],
    };
    const path = paths.cell(first).evaluation;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, JSON.stringify(evaluation));
    store.finishRun(run, { state: 'completed', weightsHash: 'abc' });
    complete(store, second, [0.75]);
    follower.look();
    follower.look();
    store.close();
    const read = readByTensorboard(root);
    const ended = read[first]!;
    expect(ended.scalars.validationAccuracy).toEqual(running.scalars.validationAccuracy);
    expect(ended.scalars['best/validationAccuracy']).toEqual([[2, 0.5]]);
    expect(ended.hparams.status).toBe(1);
    const [[step, width, height, format]] = ended.images['confusion matrix'] as [
      [number, number, number, string],
    ];
    expect([step, format]).toEqual([2, 'PNG']);
    expect(Math.min(width, height)).toBeGreaterThan(100);
    expect(read['.']!.hparams.metrics).toEqual(['best/validationAccuracy', 'validationAccuracy']);
    expect(read[second]!.scalars.validationAccuracy).toEqual([[1, 0.75]]);
    expect(Object.values(read).map(({ files }) => files)).toEqual([1, 1, 1]);
  },
);

reads(
  words('a run that goes on from an earlier epoch takes back the later ones, also where nobody had seen it'),
  async () => {
    const { store, open, root } = await following();
    open().look();
    store.finishRun(train(store, 1, [0.125, 0.25, 0.375, 0.5]), { state: 'interrupted' });
    open().look();
    store.finishRun(train(store, 3, [0.75]), { state: 'interrupted' });
    const run = train(store, 4, [0.875]);
    open().look();
    expect(readByTensorboard(root)[first]!.scalars.validationAccuracy).toEqual([
      [1, 0.125],
      [2, 0.25],
      [3, 0.75],
      [4, 0.875],
    ]);
    store.finishRun(run, { state: 'completed', weightsHash: 'abc' });
    store.close();
  },
);

reads(words('a torn end is cut off, wherever it is torn, and nothing is there twice'), async () => {
  const { store, open, root, file } = await following();
  complete(store, first, [0.25, 0.5, 0.75]);
  open().look();
  const whole = readFileSync(file);
  const all = readByTensorboard(root)[first]!;
  for (const share of [0.02, 0.3, 0.5, 0.8, 0.999]) {
    truncateSync(file, Math.floor(whole.length * share));
    open().look();
    expect(readFileSync(file).equals(whole)).toBe(true);
  }
  appendFileSync(file, 'torn');
  open().look();
  expect(readByTensorboard(root)[first]).toEqual(all);
  store.close();
});

reads(
  words('`tensorboard: true` of a slots file: also after the run was killed, and went on'),
  async () => {
    const folder = workFolder();
    writeFileSync(join(folder, 'slots.yaml'), 'tensorboard: true\nslots: [{backend: local, cpus: 1}]\n');
    const file = writeGrid(folder, { seeds: 1, epochs: 6, params: { epochMs: 1500 } });
    const root = join(folder, 'results', 'tensorboard', 'grid');
    const running = startGrid(folder, ['run', file, '--slots', 'slots.yaml']);
    await saw(running, 'started');
    const epochs = () =>
      existsSync(root)
        ? Object.values(readByTensorboard(root)).flatMap(({ scalars }) => scalars.validationAccuracy ?? [])
        : [];
    await expect.poll(epochs, { timeout: 60_000, interval: 200 }).not.toHaveLength(0);
    running.kill('SIGKILL');
    await running;
    expect((await startGrid(folder, ['run', file, '--slots', 'slots.yaml'])).exitCode).toBe(0);
    const { rows } = await json(folder, 'leaderboard');
    const run = readByTensorboard(root)[rows[0].cells[0]]!;
    const stored: { epoch: number; metrics: Record<string, number> }[] = await json(folder, 'export');
    expect(stored).toHaveLength(6);
    // Its numbers have 32 bits.
    for (const [metric, points] of Object.entries(run.scalars))
      if (!metric.startsWith('best/'))
        expect(points).toEqual(stored.map(({ epoch, metrics }) => [epoch, Math.fround(metrics[metric]!)]));
    expect(run.scalars['best/validationAccuracy']!.at(-1)![1]).toBe(Math.fround(rows[0].value));
    expect([run.hparams.status, run.files]).toEqual([1, 1]);
  },
  180_000,
);
