import type { DataInspection } from '../contract/events.js';
import type { DataSpec } from '../contract/run-spec.js';
import { recall, remember } from './cache/memory.js';
import { stampOf } from './cache/stamp.js';
import { Problems } from './data-error.js';
import { type Examples, listExamples } from './examples.js';
import { measureImages } from './measure-images.js';
import { checkSplit, splitExamples } from './split.js';

/**
 * Looks through a data set without decoding it: what it holds, and all that is wrong with it at once. With a
 * `cacheDir` a second look at the same data takes what it can from there.
 */
export async function inspectData(
  spec: DataSpec,
  { cacheDir }: { cacheDir?: string } = {},
): Promise<DataInspection> {
  const stamp = stampOf(spec);
  const key = JSON.stringify([stamp.key, spec.validation]);
  const known = stamp.isExact ? recall<DataInspection>(cacheDir, 'inspection', key) : undefined;
  if (known) return known;
  const inspection = inspect(spec, cacheDir);
  if (stamp.isExact) remember(cacheDir, 'inspection', key, inspection);
  return inspection;
}

function inspect(spec: DataSpec, cacheDir: string | undefined): DataInspection {
  const problems = new Problems();
  const examples = listExamples(spec, problems, cacheDir);
  if (!examples) return { ...nothing, problems: problems.list };
  try {
    const imageSizes = measureImages(examples, problems, cacheDir);
    const imageSize = spec.imageSize ?? commonSize(imageSizes, problems);
    return {
      fingerprint: examples.fingerprint,
      ...countsOf(spec, examples, problems),
      imageSizes,
      imageSize,
      problems: problems.list,
    };
  } finally {
    examples.source.close();
  }
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

function countsOf(spec: DataSpec, { labels, classes, trainCount }: Examples, problems: Problems) {
  const split = splitExamples(spec, labels, classes.length, trainCount);
  checkSplit(spec, split, problems);
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels.subarray(0, trainCount)) counts[label]!++;
  return {
    images: trainCount,
    validationImages: split.validation.length,
    classes: classes.map((name, index) => ({ name, count: counts[index]! })),
  };
}
