import { createHash } from 'node:crypto';
import { readdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ImageShape } from '../../augmentation/image-buffer.js';
import { type HeldLock, takeLock, WaitCancelledError, type Waiting } from '../../files/lock-file.js';
import { decodeAll } from '../decoding/decode-all.js';
import { type BadImage, badImages } from '../decoding/decode-chunk.js';
import type { Examples } from '../examples.js';
import { layOut, type Originals, type OriginalsLayout, originalsWithout } from '../originals.js';
import { readDecoded, sharedBytes, writeDecoded } from './decoded-file.js';
import { recall, remember } from './memory.js';

/** Changes when the same files would be decoded to other bytes. */
const decoderVersion = 1;

/** Another process that decodes the same images is waited for so long; then they are decoded here as well. */
const patienceMs = 30 * 60_000;

/** Where and how decoded images are kept. */
export interface CacheOptions extends Waiting {
  /** Absolute folder, shared by all processes of the machine. */
  cacheDir: string;
  /** For a human: what takes long, what is odd. */
  log: (message: string) => void;
}

/** What images are decoded to. */
export interface Decoding {
  shape: ImageShape;
  /** Images of another size are resized; else they are bad. */
  resize: boolean;
  /** See DataSpec. */
  shortSide: number | null;
  /** Leave out those that can't be decoded. */
  skipBad: boolean;
}

export interface DecodedImages {
  /** [N, H, W, C] bytes in shared memory: of all examples, or, with `skipBad`, of all but the bad ones. */
  images: Uint8Array;
  /** The whole images, with `shortSide`. */
  originals: Originals | null;
  /** The cache files; that of the originals beside it. */
  file: string;
  /** Examples that can't be decoded, in order. Where there are any that aren't left out, nothing is kept. */
  bad: BadImage[];
}

/**
 * The examples' images, read from the cache, or decoded and put there. Of several processes that ask at once one decodes, the
 * others wait. A cache that can't be written only costs time; with `cacheDir` undefined there is none.
 *
 * @throws WaitCancelledError
 */
export async function decodedImages(
  examples: Examples,
  decoding: Decoding,
  {
    cacheDir,
    log,
    onWait = log,
    ...waiting
  }: Omit<CacheOptions, 'cacheDir'> & { cacheDir: string | undefined },
): Promise<DecodedImages> {
  const { shape, skipBad, shortSide } = decoding;
  const key = cacheKey(examples, decoding);
  const file = join(cacheDir ?? '', `images-${key}.bin`);
  const layout =
    shortSide === null ? null : layOut(examples, { channels: shape.channels, shortSide }, { cacheDir, key });
  const fresh = async () => ({ ...(await decode(examples, decoding, layout, log)), file });
  if (cacheDir === undefined) return fresh();
  const kept = (): DecodedImages | undefined => {
    const bad = (skipBad && recall<BadImage[]>(cacheDir, 'bad', key, badImages)) || [];
    const images = readDecoded(file, (examples.images.length - bad.length) * bytesOf(shape));
    const originals = layout && images && readOriginals(file, layout);
    if (!images || originals === undefined) return undefined;
    const places = bad.map(({ place }) => place);
    return { images, originals: originals && originalsWithout(originals, places), file, bad };
  };
  const cached = kept();
  if (cached) return cached;
  let lock: HeldLock;
  try {
    lock = await takeLock(`${file}.lock`, {
      patienceMs,
      onWait: words => onWait(`another process decodes the images; ${words}`),
      ...waiting,
    });
  } catch (error) {
    if (error instanceof WaitCancelledError) throw error;
    log(`decoded images are not kept: ${(error as Error).message}`);
    return fresh();
  }
  try {
    const made = kept();
    if (made) return made;
    removeLeftovers(file);
    const decoded = await fresh();
    if (decoded.bad.some(bad => !isSkipped(decoding, bad))) return decoded;
    try {
      if (decoded.bad.length > 0) remember(cacheDir, 'bad', key, decoded.bad);
      writeDecoded(file, decoded.images);
      if (decoded.originals) writeDecoded(originalsFile(file), decoded.originals.pixels);
    } catch (error) {
      log(`decoded images are not kept: ${(error as Error).message}`);
    }
    return decoded;
  } finally {
    lock.release();
  }
}

const originalsFile = (file: string): string => file.replace(/\.bin$/, '-originals.bin');

/** The whole images beside the cache file; undefined where they are missing or damaged. */
export function readOriginals(file: string, layout: OriginalsLayout): Originals | undefined {
  const pixels = readDecoded(originalsFile(file), layout.length);
  return pixels && { ...layout, pixels };
}

/** Whether a bad image is left out rather than an error: one that is sound, but of another size, is not. */
export const isSkipped = ({ skipBad }: Pick<Decoding, 'skipBad'>, { isOfAnotherSize }: BadImage): boolean =>
  skipBad && !isOfAnotherSize;

const bytesOf = ({ height, width, channels }: ImageShape) => height * width * channels;

/** Of the selected images, in order, and of what they are decoded to. */
function cacheKey(
  { fingerprint, images, labels, trainCount }: Examples,
  { shape, shortSide }: Decoding,
): string {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify({ decoderVersion, fingerprint, shape, trainCount, ...(shortSide && { shortSide }) }),
  );
  hash.update(images).update(labels);
  return hash.digest('hex').slice(0, 32);
}

/** Half-written files of a decoder that was killed. Called by the holder of the lock. */
function removeLeftovers(path: string): void {
  const prefix = `${basename(path)}.`;
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(prefix) && name.endsWith('.tmp')) unlinkSync(join(dirname(path), name));
}

async function decode(
  { source, images }: Examples,
  decoding: Decoding,
  layout: OriginalsLayout | null,
  log: (message: string) => void,
): Promise<Omit<DecodedImages, 'file'>> {
  const start = performance.now();
  const { shape, resize, shortSide, skipBad } = decoding;
  const output = sharedBytes(images.length * bytesOf(shape));
  const originals = layout && { ...layout, pixels: sharedBytes(layout.length) };
  const bad = await decodeAll(source, { images, shape, resize, shortSide, originals, output });
  const seconds = (performance.now() - start) / 1000;
  if (seconds > 1) log(`decoded ${images.length} images in ${seconds.toFixed(1)} s`);
  if (!skipBad) return { images: output, originals, bad };
  const places = bad.map(({ place }) => place);
  return {
    images: closeGaps(output, bad, bytesOf(shape)),
    originals: originals && originalsWithout(originals, places),
    bad,
  };
}

/** Moves the images together, over the bad ones. */
function closeGaps(images: Uint8Array, bad: readonly BadImage[], length: number): Uint8Array {
  bad.forEach(({ place }, i) => {
    const next = bad[i + 1]?.place ?? images.length / length;
    images.copyWithin((place - i) * length, (place + 1) * length, next * length);
  });
  return images.subarray(0, images.length - bad.length * length);
}
