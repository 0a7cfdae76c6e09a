/**
 * Accuracy: one recipe (ResNet-18 with a 3×3 stem, crop and flip, SGD, cosine, label smoothing) trained here, as a grid through
 * the whole program, and in PyTorch, on the same images with as many seeds each. `GRID_BENCH_DATA` names a folder
 * with train.zip and train.csv (Id, Category), `GRID_BENCH_PYTHON` a Python with PyTorch and Pillow.
 */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { mean, standardDeviation } from '../statistics/moments.js';

const recipe = {
  width: 16,
  epochs: 15,
  batchSize: 64,
  learningRate: 0.05,
  weightDecay: 5e-4,
  labelSmoothing: 0.1,
};
const classCount = 10;
const perClass = { train: 300, validation: 200 };
const seeds = [0, 1, 2];

interface Epoch {
  epoch: number;
  trainLoss: number;
  validationAccuracy: number;
  seconds: number;
}

/** Tables of the first images of the first classes, no image in both. */
function writeTables(data: string, folder: string): string[] {
  const rows = readFileSync(join(data, 'train.csv'), 'utf8').trim().split('\n').slice(1);
  const byClass = new Map<string, string[]>();
  for (const row of rows) {
    const name = row.trim().split(',')[1]!;
    byClass.set(name, [...(byClass.get(name) ?? []), row.trim()]);
  }
  const classes = [...byClass.keys()].sort((a, b) => Number(a) - Number(b)).slice(0, classCount);
  const write = (file: string, from: number, to: number) => {
    const chosen = classes.flatMap(name => byClass.get(name)!.slice(from, to));
    writeFileSync(join(folder, file), `Id,Category\n${chosen.join('\n')}\n`);
  };
  write('train.csv', 0, perClass.train);
  write('validation.csv', perClass.train, perClass.train + perClass.validation);
  return classes;
}

/** Last epochs by seed, and all of them. */
async function gridfarm(folder: string): Promise<Epoch[][]> {
  const { width, learningRate, weightDecay, ...train } = recipe;
  const grid = {
    name: 'accuracy',
    data: {
      name: 'accuracy',
      format: 'csv',
      root: folder,
      images: 'train.zip',
      labels: 'train.csv',
      validationLabels: 'validation.csv',
      validation: { source: 'files' },
    },
    model: { name: 'resnet18', width, stemKernel: 3, stemStride: 1, stemPool: 'none' },
    optimizer: { name: 'sgd', learningRate, weightDecay, momentum: 0.9, nesterov: true },
    scheduler: 'cosine',
    train,
    augmentation: {
      transforms: [
        { name: 'randomCrop', padding: 4 },
        'randomHorizontalFlip',
        { name: 'normalize', mean: [0.5, 0.5, 0.5], standardDeviation: [0.25, 0.25, 0.25] },
      ],
    },
    axes: { seed: seeds },
  };
  const file = join(folder, 'accuracy.yaml');
  writeFileSync(file, JSON.stringify(grid));
  const slots = join(folder, 'slots.yaml');
  writeFileSync(slots, JSON.stringify({ slots: [{ backend: 'local', cpus: 1 }] }));
  const results = join(folder, 'results');
  const call = (...args: string[]) =>
    execa(process.execPath, [
      fileURLToPath(new URL('../main.js', import.meta.url)),
      ...args,
      '--results',
      results,
    ]);
  await call('run', file, '--slots', slots);
  const rows = JSON.parse((await call('export', '--json')).stdout) as {
    labels: { seed: string };
    epoch: number;
    metrics: Omit<Epoch, 'epoch'>;
  }[];
  return seeds.map(seed =>
    rows
      .filter(({ labels }) => labels.seed === `${seed}`)
      .map(({ epoch, metrics }) => ({ ...metrics, epoch })),
  );
}

async function torch(folder: string, classes: string[]): Promise<Epoch[][]> {
  const program = fileURLToPath(new URL('../../../runner/bench/torch_accuracy.py', import.meta.url));
  const runs: Epoch[][] = [];
  for (const seed of seeds) {
    const task = join(folder, `torch-${seed}.json`);
    writeFileSync(
      task,
      JSON.stringify({
        ...recipe,
        seed,
        classes,
        images: join(folder, 'train.zip'),
        train: join(folder, 'train.csv'),
        validation: join(folder, 'validation.csv'),
      }),
    );
    const { stdout } = await execa(process.env.GRID_BENCH_PYTHON ?? 'python3', [program, task]);
    runs.push(
      stdout
        .trim()
        .split('\n')
        .map(line => JSON.parse(line) as Epoch),
    );
  }
  return runs;
}

function report(name: string, runs: readonly Epoch[][]): void {
  const last = runs.map(epochs => epochs.at(-1)!);
  const accuracies = last.map(({ validationAccuracy }) => validationAccuracy);
  const losses = last.map(({ trainLoss }) => trainLoss);
  const seconds = mean(runs.flat().map(epoch => epoch.seconds));
  const spread = (values: readonly number[]) =>
    `${mean(values).toFixed(4)} ± ${standardDeviation(values)!.toFixed(4)}`;
  console.log(
    `${name.padEnd(10)} validation accuracy ${spread(accuracies)} (${accuracies.map(value => value.toFixed(4)).join(', ')}), training loss ${spread(losses)}, ${seconds.toFixed(1)} s an epoch`,
  );
}

const data = process.env.GRID_BENCH_DATA;
if (data === undefined) {
  console.log('skipped: set GRID_BENCH_DATA to a folder with train.zip and train.csv');
} else {
  const folder = mkdtempSync(join(tmpdir(), 'grid-bench-'));
  try {
    copyFileSync(join(data, 'train.zip'), join(folder, 'train.zip'));
    const classes = writeTables(data, folder);
    console.log(
      `${classCount} classes, ${classCount * perClass.train} training and ${classCount * perClass.validation} validation images, ${recipe.epochs} epochs; last epoch, mean ± standard deviation of ${seeds.length} seeds, one thread`,
    );
    report('Gridfarm', await gridfarm(folder));
    report('PyTorch', await torch(folder, classes));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
