/**
 * Images a second of CPU time that one thread augments, by the preset `reference` and without its TrivialAugmentWide, beside
 * torchvision's PIL pipeline and the same written out with Pillow and numpy. Ours ends with bytes, since the device normalizes
 * and erases them; a line of its own has both done here, as theirs do. Mixing is the device's on all sides and not in it.
 *
 * All take turns; each number is the median of the rounds, with the smallest and the largest.
 */
import { execa } from 'execa';
import { defaultAugmentation } from '../contract/defaults.js';
import type { AugmentationSpec, Component } from '../contract/run-spec.js';
import { type BatchErasedBox, batchMaker } from '../data/loading/batch-maker.js';
import { Draws } from '../random/random.js';
import { cpuSeconds, median, table } from './measuring.js';

const python = process.env.GRID_BENCH_PYTHON ?? 'python3';
const script = new URL('../../../trainer/bench/pillow_augment.py', import.meta.url).pathname;
const rounds = 5;
const secondsARound = 1;
const batchSize = 64;

const trivialAugmentWide = {
  name: 'trivialAugmentWide',
  numMagnitudeBins: 31,
  interpolation: 'nearest',
  fill: 0,
};
const pipeline = (...policy: Component[]): AugmentationSpec => ({
  ...defaultAugmentation,
  transforms: [
    { name: 'randomResizedCrop', scale: [0.35, 1], ratio: [3 / 4, 4 / 3], interpolation: 'bilinear' },
    { name: 'randomHorizontalFlip', probability: 0.5 },
    ...policy,
    { name: 'randomErasing', probability: 0.5, scale: [0.02, 0.33], ratio: [0.3, 3.3], value: 0 },
  ],
});
const presets = { imagenet: pipeline(), reference: pipeline(trivialAugmentWide) };

/** Returns a function that augments for a round and returns the images a second. `finish` gets each batch. */
function ours(
  size: number,
  augmentation: AugmentationSpec,
  finish: (batch: Uint8Array, erased: readonly BatchErasedBox[]) => void,
): () => number {
  const shape = { height: size, width: size, channels: 3 };
  const draws = new Draws().at(0, 0, 0, 0);
  const count = size < 100 ? 2048 : 256;
  const images = Uint8Array.from({ length: count * size * size * 3 }, () => draws.integer(256));
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const output = new Uint8Array(batchSize * size * size * 3);
  let epoch = 0;
  return () => {
    const start = process.cpuUsage();
    let done = 0;
    for (; cpuSeconds(start) < secondsARound; done += count) {
      const make = batchMaker({
        images,
        originals: null,
        shape,
        order,
        augmentation,
        seed: 0,
        epoch: epoch++,
      });
      for (let first = 0; first < count; first += batchSize)
        finish(output, make(first, first + batchSize, output));
    }
    return done / cpuSeconds(start);
  };
}

/** Normalizes and erases a batch of images of one size. */
function normalizer(size: number) {
  const scale = [0.229, 0.224, 0.225].map(deviation => 1 / (255 * deviation));
  const shift = [0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225];
  const values = new Float32Array(batchSize * size * size * 3);
  return (batch: Uint8Array, erased: readonly BatchErasedBox[]) => {
    for (let i = 0; i < values.length; i += 3)
      for (let c = 0; c < 3; c++) values[i + c] = batch[i + c]! * scale[c]! - shift[c]!;
    for (const { image, top, left, height, width } of erased)
      for (let y = top; y < top + height; y++) {
        const row = ((image * size + y) * size + left) * 3;
        values.fill(0, row, row + width * 3);
      }
  };
}

interface Contestant {
  name: string;
  measure(): Promise<number> | number;
  imagesPerSecond: number[];
}

/** Undefined, and a line that says so, where it isn't installed. */
async function peer(kind: string, preset: string, size: number): Promise<Contestant | undefined> {
  const run = async () => {
    const args = [script, kind, preset, `${size}`, `${secondsARound}`];
    const { stdout, exitCode, stderr } = await execa(python, args, { reject: false });
    if (exitCode === 3 || exitCode === undefined) return undefined;
    if (exitCode !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as { name: string; imagesPerSecond: number };
  };
  const first = await run();
  if (first)
    return { name: first.name, measure: async () => (await run())!.imagesPerSecond, imagesPerSecond: [] };
  process.stdout.write(`${python} (GRID_BENCH_PYTHON) has no ${kind}: left out\n`);
  return undefined;
}

async function rowsOf(preset: keyof typeof presets, size: number): Promise<string[][]> {
  const own = (name: string, finish: Parameters<typeof ours>[2]): Contestant => ({
    name,
    measure: ours(size, presets[preset], finish),
    imagesPerSecond: [],
  });
  const all = [
    own('gridfarm, bytes', () => {}),
    own('gridfarm, normalized and erased', normalizer(size)),
    await peer('torchvision', preset, size),
    await peer('pillow', preset, size),
  ].filter(contestant => contestant !== undefined);
  for (const { measure } of all.slice(0, 2)) measure();
  for (let round = 0; round < rounds; round++)
    for (const { measure, imagesPerSecond } of all) imagesPerSecond.push(await measure());
  const [bytes, floats] = all.map(({ imagesPerSecond }) => median(imagesPerSecond)) as [number, number];
  return all.map(({ name, imagesPerSecond }, index) => {
    const middle = median(imagesPerSecond);
    const range = [Math.min(...imagesPerSecond), Math.max(...imagesPerSecond)].map(value => value.toFixed(0));
    return [
      index === 0 ? `${preset}, ${size}×${size}×3` : '',
      name,
      `${middle.toFixed(0)} (${range.join('–')})`,
      index < 2 ? '' : `${(bytes / middle).toFixed(1)}× (${(floats / middle).toFixed(1)}×)`,
    ];
  });
}

const rows = [
  ...(await rowsOf('reference', 40)),
  ...(await rowsOf('imagenet', 40)),
  ...(await rowsOf('reference', 224)),
];
process.stdout.write(
  table(['pipeline', `1 thread, ${rounds} rounds`, 'images/CPU s', 'gridfarm is (normalized)'], rows),
);
