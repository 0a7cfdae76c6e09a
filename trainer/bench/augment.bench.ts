/**
 * Images a second of CPU time that one thread augments (RandomResizedCrop, flip, erasing; without normalization, which is the
 * device's), beside the same in Python on Pillow images (torchvision where it is installed; with
 * normalization). The two take turns; each number is the median of the rounds.
 */
import { execa } from 'execa';
import { Draws } from '../augmentation/random.js';
import type { AugmentationSpec } from '../contract/run-spec.js';
import { batchMaker } from '../data/loading/batch-maker.js';
import { cpuSeconds, median, table } from './measuring.js';

const python = process.env.GRID_BENCH_PYTHON ?? 'python3';
const script = new URL('../../../trainer/bench/pillow-augment.py', import.meta.url).pathname;
const rounds = 5;
const secondsARound = 1;
const count = 256;

const augmentation: AugmentationSpec = {
  transforms: [
    { name: 'randomResizedCrop', scale: [0.35, 1], ratio: [3 / 4, 4 / 3], interpolation: 'bilinear' },
    { name: 'randomHorizontalFlip', probability: 0.5 },
    { name: 'randomErasing', probability: 0.5, scale: [0.02, 0.33], ratio: [0.3, 3.3], value: 0 },
  ],
  mix: [],
  mixProbability: 1,
};

function ours(size: number): () => number {
  const shape = { height: size, width: size, channels: 3 };
  const draws = new Draws().at(0, 0, 0, 0);
  const images = Uint8Array.from({ length: count * size * size * 3 }, () => draws.integer(256));
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const output = new Uint8Array(images.length);
  let epoch = 0;
  return () => {
    const start = process.cpuUsage();
    let done = 0;
    while (cpuSeconds(start) < secondsARound) {
      batchMaker({ images, shape, order, augmentation, seed: 0, epoch: epoch++ })(0, count, output);
      done += count;
    }
    return done / cpuSeconds(start);
  };
}

async function pillow(size: number): Promise<{ name: string; imagesPerSecond: number } | undefined> {
  const { stdout, failed } = await execa(python, [script, `${size}`, `${secondsARound}`], { reject: false });
  return failed ? undefined : JSON.parse(stdout as string);
}

const rows: string[][] = [];
for (const size of [40, 224]) {
  const measure = ours(size);
  measure();
  const own: number[] = [];
  const other: number[] = [];
  let name: string | undefined;
  for (let round = 0; round < rounds; round++) {
    own.push(measure());
    const theirs = await pillow(size);
    name = theirs?.name;
    if (theirs) other.push(theirs.imagesPerSecond);
  }
  rows.push([`${size}×${size}×3`, 'gridfarm', median(own).toFixed(0), '']);
  if (name) rows.push(['', name, median(other).toFixed(0), `${(median(own) / median(other)).toFixed(2)}×`]);
  else rows.push(['', `${python} has no Pillow`, '', '']);
}
process.stdout.write(table(['images', `1 thread, median of ${rounds}`, 'images/CPU s', 'gridfarm is'], rows));
