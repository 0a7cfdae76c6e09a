import type { ImageShape } from '../augmentation/image-buffer.js';
import type { DataSpec } from '../contract/run-spec.js';
import { anyText, count, listOf, natural, orNull, shape, text } from '../contract/shape.js';
import { readDecoded } from './cache/decoded-file.js';
import { type CacheOptions, readOriginals } from './cache/decoded-images.js';
import { recall, remember } from './cache/memory.js';
import { type Stamp, stampOf } from './cache/stamp.js';
import { Problems } from './data-error.js';
import { type Examples, listExamples } from './examples.js';
import type { Originals, OriginalsLayout } from './originals.js';
import { checkSplit, type Split, splitExamples } from './split.js';
import { usableImages } from './usable-images.js';

/** Labelled images, decoded, in the memory that all threads of the process share. */
export interface Dataset extends ImageShape, Split {
  /** Hash of what the data holds; see `inspectData`. */
  fingerprint: string;
  /** Names, in class order: a label is a place in it. */
  classes: readonly string[];
  /** [N, H, W, C] bytes. */
  images: Uint8Array;
  /** The whole images that training crops from, with `data.shortSide`. */
  originals: Originals | null;
  /** [N] class indices. */
  labels: Int32Array;
  /** Places of the images that were left out, among those that `listExamples` lists. */
  skipped: readonly number[];
  /** What a run should tell: of images that were left out. */
  warnings: readonly string[];
}

/** All but the split: what cells with different splits have in common. */
interface Decoded extends Listed {
  images: Uint8Array;
  originals: Originals | null;
  labels: Int32Array;
}

/** What is known of a data set besides its pixels. */
interface Listed extends ImageShape {
  fingerprint: string;
  /** The fingerprint with the images that are left out. */
  listedFingerprint: string;
  skipped: number[];
  warnings: string[];
  classes: string[];
  trainCount: number;
}

/** The last one opened: the next cell of a warm process nearly always asks for it again. */
let last: { key: string; decoded: Decoded } | undefined;

/**
 * Opens a data set: lists, decodes (once a machine, see `decodedImages`) and splits it. Asking again for the same
 * data costs the split alone, as long as its files' sizes and times stay the same.
 *
 * Throws a DataError with all that is wrong; its `key` is the DataSpec's.
 */
export async function openDataset(spec: DataSpec, options: CacheOptions): Promise<Dataset> {
  const stamp = stampOf(spec);
  const key = JSON.stringify([stamp.key, options.cacheDir]);
  // Lets go of the last images before others are loaded.
  if (last?.key !== key) last = undefined;
  if (!last || !stamp.isExact)
    last = { key, decoded: (stamp.isExact && reopen(stamp, options)) || (await open(spec, stamp, options)) };
  const { trainCount, listedFingerprint: _, ...decoded } = last.decoded;
  const split = splitExamples(spec, decoded.labels, decoded.classes.length, trainCount);
  const problems = new Problems();
  checkSplit(spec, split, problems);
  problems.throwIfAny();
  return { ...decoded, ...split };
}

/** What is remembered of an opened data set. */
interface Opened extends Listed {
  labels: number[];
  imagesFile: string;
  /** Rows of the layout of the originals. */
  layout: { heights: number[]; widths: number[]; offsets: number[]; length: number } | null;
}

const openedSchema = shape<Opened>({
  ...{ height: count, width: count, channels: count },
  ...{ fingerprint: text, listedFingerprint: text, trainCount: natural },
  skipped: listOf(natural),
  warnings: listOf(anyText),
  classes: listOf(anyText),
  labels: listOf(natural),
  imagesFile: text,
  layout: orNull(
    shape<NonNullable<Opened['layout']>>({
      ...{ heights: listOf(natural), widths: listOf(natural), offsets: listOf(natural), length: natural },
    }),
  ),
});

/** From the cache alone: neither table nor zip is read as long as they look the same. */
function reopen({ key }: Stamp, { cacheDir }: CacheOptions): Decoded | undefined {
  const opened = recall<Opened>(cacheDir, 'opened', key, openedSchema);
  if (!opened) return undefined;
  const { labels, imagesFile, layout, ...listed } = opened;
  const length = labels.length * listed.height * listed.width * listed.channels;
  const images = readDecoded(imagesFile, length);
  const originals = layout && readOriginals(imagesFile, typed(layout));
  if (!images || originals === undefined) return undefined;
  return { ...listed, images, originals, labels: Int32Array.from(labels) };
}

function plain(layout: OriginalsLayout | null): Opened['layout'] {
  if (!layout) return null;
  const { heights, widths, offsets, length } = layout;
  return { heights: [...heights], widths: [...widths], offsets: [...offsets], length };
}

function typed({ heights, widths, offsets, length }: NonNullable<Opened['layout']>): OriginalsLayout {
  return {
    heights: Int32Array.from(heights),
    widths: Int32Array.from(widths),
    offsets: Float64Array.from(offsets),
    length,
  };
}

/** Files of a folder may change under it: the last images are given again where their content is still the same. */
async function open(spec: DataSpec, stamp: Stamp, options: CacheOptions): Promise<Decoded> {
  const problems = new Problems();
  const examples = listExamples(spec, problems, options.cacheDir);
  try {
    problems.throwIfAny();
    const listedFingerprint = examples!.fingerprint;
    if (last?.decoded.listedFingerprint === listedFingerprint) return last.decoded;
    last = undefined;
    const shape = shapeOf(spec, examples!);
    const usable = await usableImages(spec, examples!, shape, problems, options);
    problems.throwIfAny();
    for (const { message } of problems.list) options.log(message);
    const { fingerprint, classes, labels, trainCount } = usable.examples;
    const { images, originals, file, skipped, warnings } = usable;
    const listed = { fingerprint, listedFingerprint, classes, ...shape, trainCount, skipped, warnings };
    const opened: Opened = { ...listed, labels: [...labels], imagesFile: file, layout: plain(originals) };
    if (stamp.isExact) remember(options.cacheDir, 'opened', stamp.key, opened);
    return { ...listed, images, originals, labels };
  } finally {
    examples?.source.close();
  }
}

/** `imageSize`, or the size of the first image that can be read, which must be square. */
function shapeOf(spec: DataSpec, { source, images }: Examples): ImageShape {
  const { imageSize, channels } = spec;
  if (imageSize !== null) return { height: imageSize, width: imageSize, channels };
  const problems = new Problems();
  for (const image of images)
    try {
      const { height, width } = source.size(image);
      if (height === width) return { height, width, channels };
      problems.error(
        'imageSize',
        `${source.names[image]} has ${height}×${width} pixels: a size to resize to is needed`,
      );
      break;
    } catch (error) {
      problems.error(
        'images',
        'images that can’t be used',
        `${source.names[image]}: ${(error as Error).message}`,
      );
      if (!(spec.skipBad ?? false)) break;
    }
  problems.throwIfAny();
  throw new Error('a data set without images');
}
