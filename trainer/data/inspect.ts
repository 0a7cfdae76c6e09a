import type { DataInspection } from '../contract/events.js';
import type { DataSpec } from '../contract/run-spec.js';
import { Problems } from './data-error.js';
import { checkSplit } from './dataset.js';
import { type Examples, listExamples } from './examples.js';
import { measureImages } from './measure-images.js';
import { splitImages } from './split.js';

/**
 * Looks through a data set without decoding it: what it holds, and all that is wrong with it at once. With a
 * `cacheDir` a second look at the same data takes the images' sizes and checksums from there.
 */
export function inspectData(spec: DataSpec, { cacheDir }: { cacheDir?: string } = {}): DataInspection {
  const problems = new Problems();
  const examples = listExamples(spec, problems, cacheDir);
  if (!examples) return { ...nothing, problems: problems.list };
  try {
    const imageSizes = measureImages(examples, problems, cacheDir);
    const [first] = imageSizes;
    const isSquare = first !== undefined && imageSizes.length === 1 && first.height === first.width;
    if (!isSquare && first !== undefined && spec.imageSize === null)
      problems.error(
        'imageSize',
        imageSizes.length > 1
          ? `images have ${imageSizes.length} sizes (${first.height}×${first.width}, ${imageSizes[1]!.height}×${imageSizes[1]!.width}, …): a size to resize to is needed`
          : `images have ${first.height}×${first.width} pixels: a size to resize to is needed`,
      );
    return {
      fingerprint: examples.fingerprint,
      ...countsOf(spec, examples, problems),
      imageSizes,
      imageSize: spec.imageSize ?? (isSquare ? first.height : null),
      problems: problems.list,
    };
  } finally {
    examples.source.close();
  }
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
  const places = Int32Array.from(labels.keys());
  const split =
    spec.validation.source === 'files'
      ? { train: places.slice(0, trainCount), validation: places.slice(trainCount) }
      : splitImages(labels, classes.length, spec.validation);
  checkSplit(spec, split, problems);
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels.subarray(0, trainCount)) counts[label]!++;
  return {
    images: trainCount,
    validationImages: split.validation.length,
    classes: classes.map((name, index) => ({ name, count: counts[index]! })),
  };
}
