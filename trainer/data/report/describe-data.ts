import type { DataContent, Part, Picture } from '../../contract/data-report.js';
import type { DataInspection } from '../../contract/events.js';
import type { DataSpec } from '../../contract/run-spec.js';
import { Draws, purposeKey, shuffle } from '../../random/random.js';
import { DataError } from '../data-error.js';
import { type Dataset, openDataset } from '../dataset.js';
import { imageNames } from '../image-names.js';
import { inspectData } from '../inspect.js';
import { findAlike } from './alike-images.js';
import { channelStatistics } from './channel-statistics.js';
import { imageAt, writeContactSheet } from './contact-sheet.js';
import { type AlikeContext, summarizeAlike } from './summarize-alike.js';

export interface DescribeOptions {
  samplesPerClass: number;
  cacheDir: string;
  /** Pictures are written there. */
  outDir: string;
  /** For a human: what takes long. */
  log: (message: string) => void;
}

/** What images of several sizes are resized to, where nothing is said. */
const chosenSize = 64;

export interface Described {
  inspection: DataInspection;
  /** Null where the data can't be used: see the inspection's problems. */
  content: Omit<DataContent, 'augmented'> | null;
  /** Null together with `content`. */
  dataset: Dataset | null;
}

/**
 * Decodes a data set and looks at all of it: samples, classes, channels, images that are alike. 100,000 images of 40×40 take
 * some ten seconds and 0.5 GB for the decoded images.
 */
export async function describeData(spec: DataSpec, options: DescribeOptions): Promise<Described> {
  const { cacheDir } = options;
  const asGiven = await inspectData(spec, { cacheDir });
  const isSizeChosen = asGiven.imageSize === null && asGiven.imageSizes.length > 0;
  const sized = isSizeChosen ? { ...spec, imageSize: chosenSize } : spec;
  const inspection = isSizeChosen ? await inspectData(sized, { cacheDir }) : asGiven;
  if (inspection.problems.some(({ severity }) => severity === 'error'))
    return { inspection, content: null, dataset: null };
  try {
    const dataset = await openDataset(sized, options);
    return { inspection, content: { isSizeChosen, ...contentOf(sized, dataset, options) }, dataset };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    const problems = [...inspection.problems, ...error.problems];
    return { inspection: { ...inspection, problems }, content: null, dataset: null };
  }
}

function contentOf(
  spec: DataSpec,
  dataset: Dataset,
  { cacheDir, outDir, samplesPerClass }: DescribeOptions,
): Omit<DataContent, 'augmented' | 'isSizeChosen'> {
  const { classes, labels, train, validation, height, width } = dataset;
  const parts = new Array<Part>(labels.length).fill('train');
  for (const place of validation) parts[place] = 'validation';
  const names = imageNames(spec, dataset, cacheDir);
  const paint = (file: string, places: readonly number[], columns: number): Picture =>
    writeContactSheet(
      outDir,
      file,
      places.map(place => imageAt(dataset.images, dataset, place)),
      { shape: dataset, columns },
    );
  const alike = (kind: 'exact' | 'near'): AlikeContext => ({
    imageOf: place => ({ name: names[place]!, class: classes[labels[place]!]!, part: parts[place]! }),
    paint: (places, index) => paint(`pictures/${kind}-${numbered(index)}.png`, places.slice(0, 8), 8),
  });
  const found = findAlike(dataset);
  return {
    height,
    width,
    trainImages: train.length,
    validationImages: validation.length,
    classes: byClass(dataset).map(({ name, places, ...counts }, label) => ({
      name,
      ...counts,
      sheet: paint(`pictures/class-${numbered(label)}.png`, samplesOf(places, label, samplesPerClass), 8),
    })),
    channels: channelStatistics(dataset),
    exact: summarizeAlike(found.exact, alike('exact')),
    near: { ...summarizeAlike(found.near, alike('near')), isComplete: found.isComplete },
  };
}

const numbered = (index: number) => `${index}`.padStart(3, '0');

function byClass({ classes, labels, train, validation }: Dataset) {
  const all = classes.map(name => ({ name, train: 0, validation: 0, places: [] as number[] }));
  for (const part of ['train', 'validation'] as const)
    for (const place of part === 'train' ? train : validation) {
      const own = all[labels[place]!]!;
      own[part]++;
      own.places.push(place);
    }
  return all;
}

const samplePurpose = purposeKey('sample');

/** Some images of a class, the same ones each time. */
function samplesOf(places: readonly number[], label: number, count: number): number[] {
  const order = Int32Array.from(places);
  shuffle(order, new Draws().at(0, samplePurpose, 0, label));
  return [...order.subarray(0, count)];
}
