import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { plainPng } from '../../../trainer/test/data/fixtures/images.js';
import { zip } from '../../../trainer/test/data/fixtures/zip.js';
import { startGrid, workFolder } from '../fixtures/cli.js';
import { callGrid } from '../fixtures/in-process.js';

export const environment = { GRID_ENGINE: 'wasm' };

/** Grey levels of the images: dark ones are cats, bright ones dogs. */
export const levels = Array.from({ length: 48 }, (_, i) => (i % 2 === 0 ? 20 : 200) + (i >> 1));
export const classOf = (level: number) => (level < 128 ? 'cat' : 'dog');
const imageSize = 8;

/** Members of a zip: `test/0.png`, … */
export const testImages = levels.map((level, i): [string, Uint8Array] => [
  `test/${i}.png`,
  plainPng(level + 7, imageSize),
]);

export interface TrainedCells {
  /** Two cells of the grid `pets`, best first. */
  pets: [string, string];
  /** A cell of other classes. */
  mood: string;
  /** `grid` on their results. */
  grid(...args: string[]): ReturnType<typeof callGrid>;
  /** The same as a process of its own. */
  start(...args: string[]): ReturnType<typeof startGrid>;
  /** Path of a file beside the results. */
  at(name: string): string;
  /** Lines of such a file. */
  lines(name: string): string[];
}

/** Trains small networks on dark and bright images. */
export async function trainCells(): Promise<TrainedCells> {
  const folder = workFolder();
  const at = (name: string) => join(folder, name);
  const results = ['--results', at('results')];
  writeFileSync(at('test.zip'), zip(testImages));
  const train = async (name: string, classes: Record<string, string>, seeds: number[]) => {
    writeData(at(name), classes);
    writeFileSync(at(`${name}.yaml`), gridText(name, seeds));
    const run = await startGrid(folder, ['run', `${name}.yaml`], environment);
    expect(run.exitCode, run.all).toBe(0);
    const board = await callGrid(['leaderboard', '--grid', name, '--json', ...results]);
    return JSON.parse(board.stdout).rows.flatMap((row: { cells: string[] }) => row.cells);
  };
  return {
    pets: await train('pets', { cat: 'cat', dog: 'dog' }, [1, 2]),
    mood: (await train('moods', { cat: 'sad', dog: 'glad' }, [1]))[0],
    grid: (...args) => callGrid([...args, ...results], environment),
    start: (...args) => startGrid(folder, [...args, ...results], environment),
    at,
    lines: name => readFileSync(at(name), 'utf8').trimEnd().split('\n'),
  };
}

function writeData(root: string, classes: Record<string, string>): void {
  mkdirSync(root);
  const rows = levels.map((level, i) => `train/${i}.png,${classes[classOf(level)]}`);
  writeFileSync(join(root, 'train.csv'), `Id,Category\n${rows.join('\n')}\n`);
  const images = levels.map((level, i): [string, Uint8Array] => [
    `train/${i}.png`,
    plainPng(level, imageSize),
  ]);
  writeFileSync(join(root, 'train.zip'), zip(images));
}

const gridText = (name: string, seeds: number[]) =>
  stringify({
    name,
    data: { format: 'csv', root: name, images: 'train.zip', labels: 'train.csv', channels: 1 },
    model: { name: 'resnet20', width: 4 },
    optimizer: { name: 'adam', learningRate: 0.02 },
    train: { epochs: 3, batchSize: 8 },
    axes: { seed: seeds },
  });
