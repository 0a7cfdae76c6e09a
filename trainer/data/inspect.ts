import { dataInspection } from '../contract/answer-schemas.js';
import type { DataInspection } from '../contract/events.js';
import type { DataSpec } from '../contract/run-spec.js';
import { recall, remember } from './cache/memory.js';
import { stampOf } from './cache/stamp.js';
import { Problems } from './data-error.js';
import { type Examples, listExamples } from './examples.js';
import { measureImages } from './measure-images.js';
import { checkSplit, reportHoles, splitExamples } from './split.js';
import { reportBad, usableImages } from './usable-images.js';

/**
 * Looks through a data set, decoding all of it: what it holds, and all that is wrong with it at once. With a `cacheDir` the
 * decoded images of a sound data set are kept there, and a second look takes what it can from there.
 */
export async function inspectData(
  spec: DataSpec,
  { cacheDir }: { cacheDir?: string } = {},
): Promise<DataInspection> {
  const stamp = stampOf(spec);
  const key = JSON.stringify([stamp.key, spec.validation]);
  const known = stamp.isExact
    ? recall<DataInspection>(cacheDir, 'inspection', key, dataInspection)
    : undefined;
  if (known) return known;
  const inspection = await inspect(spec, cacheDir);
  if (stamp.isExact) remember(cacheDir, 'inspection', key, inspection);
  return inspection;
}

async function inspect(spec: DataSpec, cacheDir: string | undefined): Promise<DataInspection> {
  const problems = new Problems();
  const listed = listExamples(spec, problems, cacheDir);
  if (!listed) return { ...nothing, problems: problems.list };
  try {
    const { sizes, bad } = measureImages(listed, cacheDir);
    const imageSize = spec.imageSize ?? commonSize(sizes, problems);
    const examples = imageSize === null ? listed : await decode(spec, listed, imageSize, problems, cacheDir);
    if (imageSize === null && !(spec.skipBad ?? false)) reportBad(bad, listed, problems);
    return {
      ...countsOf(spec, examples, problems),
      imageSizes: sizes,
      imageSize,
      problems: problems.list,
    };
  } finally {
    listed.source.close();
  }
}

/** The examples that can be decoded. Nothing is kept of what is refused anyway. */
async function decode(
  spec: DataSpec,
  examples: Examples,
  side: number,
  problems: Problems,
  cacheDir: string | undefined,
): Promise<Examples> {
  const shape = { height: side, width: side, channels: spec.channels };
  const usable = await usableImages(spec, examples, shape, problems, {
    cacheDir: problems.errorCount === 0 ? cacheDir : undefined,
    log: message => console.error(message),
  });
  return usable.examples;
}

/** The one size that all images have, which must be square. */
function commonSize(sizes: DataInspection['imageSizes'], problems: Problems): number | null {
  const [first] = sizes;
  if (!first || (sizes.length === 1 && first.height === first.width)) return first?.height ?? null;
  const named = sizes.slice(0, 3).map(({ height, width, count }) => `${height}×${width} (${count} images)`);
  const more = sizes.length > 3 ? `, … ${sizes.length} sizes` : '';
  problems.error('imageSize', `a size to resize to is needed, the images have ${named.join(', ')}${more}`);
  return null;
}

const nothing = {
  fingerprint: '',
  images: 0,
  validationImages: 0,
  classes: [],
  imageSizes: [],
  imageSize: null,
};

function countsOf(spec: DataSpec, examples: Examples, problems: Problems) {
  const { labels, classes, trainCount } = examples;
  const split = splitExamples(spec, labels, classes.length, trainCount);
  checkSplit(spec, split, problems);
  if (problems.errorCount === 0) reportHoles(spec, split, examples, problems);
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels.subarray(0, trainCount)) counts[label]!++;
  return {
    fingerprint: examples.fingerprint,
    ...(split.hasDrawnTies && { hasDrawnTies: true }),
    images: trainCount,
    validationImages: split.validation.length,
    classes: classes.map((name, index) => ({ name, count: counts[index]! })),
  };
}
