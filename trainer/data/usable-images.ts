import type { ImageShape } from '../augmentation/image-buffer.js';
import type { DataSpec } from '../contract/run-spec.js';
import { type CacheOptions, decodedImages, isSkipped } from './cache/decoded-images.js';
import type { Problems } from './data-error.js';
import { type Examples, leaveOut } from './examples.js';
import type { Originals } from './originals.js';

/** Examples whose images are decoded. */
export interface UsableImages {
  /** Without those that were left out. */
  examples: Examples;
  /** [N, H, W, C] bytes. */
  images: Uint8Array;
  /** The whole images, with `data.shortSide`. */
  originals: Originals | null;
  /** The cache file. */
  file: string;
  /** Places, among the examples that were given, of those that were left out. */
  skipped: number[];
  /** Of what was left out. */
  warnings: string[];
}

/**
 * Decodes the examples. Images that can't be decoded are an error of `problems`, or, with `data.skipBad`, a warning and left
 * out. Where there are errors, what is returned is of no use but for its counts.
 */
export async function usableImages(
  spec: DataSpec,
  examples: Examples,
  shape: ImageShape,
  problems: Problems,
  options: Omit<CacheOptions, 'cacheDir'> & { cacheDir: string | undefined },
): Promise<UsableImages> {
  const decoding = {
    shape,
    resize: spec.imageSize !== null,
    shortSide: spec.shortSide ?? null,
    skipBad: spec.skipBad ?? false,
  };
  const { images, originals, file, bad } = await decodedImages(examples, decoding, options);
  const skipped = bad.filter(image => isSkipped(decoding, image));
  const others = bad.filter(image => !isSkipped(decoding, image));
  reportBad(
    others.filter(({ isOfAnotherSize }) => !isOfAnotherSize),
    examples,
    problems,
  );
  for (const { name, message } of others.filter(({ isOfAnotherSize }) => isOfAnotherSize))
    problems.error('images', 'images of another size', `${name}: ${message}`);
  const left = `${skipped.length} of ${examples.images.length} images are left out (data.skipBad)`;
  for (const { name, message } of skipped) problems.warning('images', left, `${name}: ${message}`);
  const usable = leaveOut(
    examples,
    skipped.map(({ place }) => place),
  );
  reportEmptyClasses(usable, problems);
  const warnings = problems.list.map(({ message }) => message).filter(message => message.startsWith(left));
  return { examples: usable, images, originals, file, skipped: skipped.map(({ place }) => place), warnings };
}

/** Adds images that can't be used to the errors. */
export function reportBad(
  bad: readonly { name: string; message: string }[],
  { images }: Examples,
  problems: Problems,
): void {
  const kind = `${bad.length} of ${images.length} images can’t be used (data.skipBad: true leaves them out)`;
  for (const { name, message } of bad) problems.error('images', kind, `${name}: ${message}`);
}

function reportEmptyClasses({ classes, labels, trainCount }: Examples, problems: Problems): void {
  const present = new Set(labels.subarray(0, trainCount));
  classes.forEach((name, label) => {
    if (!present.has(label)) problems.error('images', 'classes of which no image can be used', name);
  });
}
