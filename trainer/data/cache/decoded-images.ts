import { createHash } from 'node:crypto';
import { readdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { ImageShape } from '../../augmentation/image-buffer.js';
import { Problems } from '../data-error.js';
import { decodeAll } from '../decoding/decode-all.js';
import type { Examples } from '../examples.js';
import { readDecoded, sharedBytes, writeDecoded } from './decoded-file.js';
import { takeLock } from './file-lock.js';

/** Changes when the same files would be decoded to other bytes. */
const decoderVersion = 1;

/** Where and how decoded images are kept. */
export interface CacheOptions {
  /** Absolute folder, shared by all processes of the machine. */
  cacheDir: string;
  /** For a human: what takes long, what is odd. */
  log: (message: string) => void;
}

/**
 * The examples' images as bytes [N, H, W, C] in shared memory, and the cache file they are kept in: read from the cache, or decoded and put there. Of
 * several processes that ask at once one decodes, the others wait. A cache that can't be written only costs time.
 *
 * Throws a DataError that names images that can't be decoded.
 */
export async function decodedImages(
  examples: Examples,
  shape: ImageShape,
  resize: boolean,
  { cacheDir, log }: CacheOptions,
): Promise<{ images: Uint8Array; file: string }> {
  const length = examples.images.length * shape.height * shape.width * shape.channels;
  const file = join(cacheDir, `images-${cacheKey(examples, shape)}.bin`);
  const cached = readDecoded(file, length);
  if (cached) return { images: cached, file };
  let release: () => void;
  try {
    release = await takeLock(`${file}.lock`, () =>
      log('waiting for another process that decodes the images'),
    );
  } catch (error) {
    log(`decoded images are not kept: ${(error as Error).message}`);
    return { images: await decode(examples, shape, resize, length, log), file };
  }
  try {
    const made = readDecoded(file, length);
    if (made) return { images: made, file };
    removeLeftovers(file);
    const images = await decode(examples, shape, resize, length, log);
    try {
      writeDecoded(file, images);
    } catch (error) {
      log(`decoded images are not kept: ${(error as Error).message}`);
    }
    return { images, file };
  } finally {
    release();
  }
}

/** Of the selected images, in order, and of what they are decoded to. */
function cacheKey({ fingerprint, images, labels, trainCount }: Examples, shape: ImageShape): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify({ decoderVersion, fingerprint, shape, trainCount }));
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
  shape: ImageShape,
  resize: boolean,
  length: number,
  log: (message: string) => void,
): Promise<Uint8Array> {
  const start = performance.now();
  const output = sharedBytes(length);
  const bad = await decodeAll(source, { images, shape, resize, output });
  if (bad.length > 0) {
    const problems = new Problems();
    for (const { name, message } of bad)
      problems.error('images', 'images that can’t be used', `${name}: ${message}`);
    problems.throwIfAny();
  }
  const seconds = (performance.now() - start) / 1000;
  if (seconds > 1) log(`decoded ${images.length} images in ${seconds.toFixed(1)} s`);
  return output;
}
