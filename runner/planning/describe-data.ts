import { mkdirSync, statSync } from 'node:fs';
import type { DataGuess, DataReport, DescribeRequest } from '../../trainer/contract/data-report.js';
import { UsageError } from '../domain/error.js';
import { expandGrid } from '../grid/expand.js';
import { parseGrid } from '../grid/load.js';
import type { ResultsPaths } from '../store/run-paths.js';
import * as questions from '../trainer-client/reports.js';
import type { AskedPlace } from './asked-place.js';
import { type AskedCell, cellsAt, chooseCell } from './choose-cell.js';

export interface DescribeOptions {
  /** Of a grid file: which cell's data. */
  cell: string | undefined;
  /** Show batches after each augmentation of the grid. */
  augmented: boolean;
  samplesPerClass: number;
  /** Absolute folder for pictures; undefined: in the results. */
  folder: string | undefined;
}

/** What a folder seems to hold, and why. */
type FoundGuess = Exclude<DataGuess, { refusal: string }>;

export interface DescribedData {
  /** As grids call the data. */
  name: string;
  /** Where the pictures are. */
  folder: string;
  report: DataReport;
  guess?: FoundGuess;
}

/** Looks at all images of a data set: that of a grid file, or what a folder seems to hold. @throws UsageError for a folder that holds none */
export async function describeData(
  source: string,
  options: DescribeOptions,
  place: AskedPlace,
  paths: ResultsPaths,
): Promise<DescribedData> {
  const { cells, guess } = await cellsOf(source, place, paths);
  const { data } = chooseCell(cells, options.cell).spec;
  const folder = options.folder ?? paths.dataReport(data.name);
  mkdirSync(folder, { recursive: true });
  const request: DescribeRequest = {
    data,
    augmentations: options.augmented ? augmentationsOf(cells) : [],
    samplesPerClass: options.samplesPerClass,
    cacheDir: paths.cache,
    outDir: folder,
  };
  const report = await questions.describe(request, place.ask);
  return { name: data.name, folder, report, ...(guess && { guess }) };
}

/** Of a grid file, or of a grid made up around a folder and what it seems to hold. */
async function cellsOf(
  source: string,
  place: AskedPlace,
  paths: ResultsPaths,
): Promise<{ cells: AskedCell[]; guess?: FoundGuess }> {
  if (!statSync(source, { throwIfNoEntry: false })?.isDirectory())
    return { cells: await cellsAt(source, place, paths) };
  const guess = await questions.guess(source, place.ask);
  if ('refusal' in guess) throw new UsageError(guess.refusal);
  const grid = { name: 'data', data: guess.data, model: 'resnet20', optimizer: 'sgd' };
  return { cells: expandGrid(parseGrid(source, JSON.stringify(grid))), guess };
}

function augmentationsOf(cells: readonly AskedCell[]): DescribeRequest['augmentations'] {
  const distinct = new Map<string, DescribeRequest['augmentations'][number]>();
  for (const { labels, spec } of cells) {
    const { augmentation, seed } = spec;
    const own = Object.entries(labels).filter(([path]) => path.startsWith('augmentation'));
    const label = own.map(([, value]) => value).join(' · ') || 'all cells';
    const key = JSON.stringify(augmentation);
    if (!distinct.has(key)) distinct.set(key, { label, augmentation, seed });
  }
  return [...distinct.values()];
}
