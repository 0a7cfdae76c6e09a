/** The images of a request: which they are, in which order, and what they are called. */
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { imageKinds } from '../contract/image-files.js';
import type { DataSpec } from '../contract/run-spec.js';
import { Problems } from '../data/data-error.js';
import { decodeText, forEachRow } from '../data/formats/csv-rows.js';
import { imageFinder } from '../data/formats/image-finder.js';
import { FolderSource, listFolder } from '../data/sources/folder-source.js';
import type { ImageSource } from '../data/sources/image-source.js';
import { listZip, ZipSource } from '../data/sources/zip-source.js';
import { idStyle } from './id-style.js';
import { RequestError } from './request-error.js';

export interface ImageList {
  source: ImageSource;
  /** Numbers in the source, by row. */
  numbers: Int32Array;
  ids: string[];
  /** Header of the sample. */
  columns: string[] | null;
  /** Images that the sample doesn't name. */
  unnamed: number;
}

/** Of missing ids so many are named. */
const listed = 5;

/**
 * All images of a folder or zip in the order of their names, called as the training table calls its own; or those of
 * a sample. Throws a RequestError for what isn't there, a DataError for images that can't be listed. The caller closes `source`.
 */
export function listImages(images: string, sample: string | null, data: DataSpec): ImageList {
  const source = open(images);
  if (sample !== null) return { source, ...fromSample(sample, images, source) };
  const style = idStyle(data, source.names);
  const order = [...source.names.keys()].sort((a, b) => (source.names[a]! < source.names[b]! ? -1 : 1));
  const ids = order.map(number => style(source.names[number]!));
  return { source, numbers: Int32Array.from(order), ids, columns: null, unnamed: 0 };
}

function open(path: string): ImageSource {
  const problems = new Problems();
  let source: ImageSource;
  try {
    source = statSync(path).isDirectory()
      ? new FolderSource(path, listFolder(path, dirname(path), problems, 'images'))
      : new ZipSource(path, listZip(path, problems, 'images'));
  } catch (cause) {
    throw new RequestError(`--images ${path}: ${(cause as Error).message}`, { cause });
  }
  for (const { severity, message } of problems.list) if (severity === 'warning') console.error(message);
  problems.throwIfAny();
  if (source.names.length === 0) throw new RequestError(`--images ${path}: there is no ${imageKinds} in it`);
  return source;
}

function fromSample(sample: string, images: string, { names }: ImageSource): Omit<ImageList, 'source'> {
  const rows: string[][] = [];
  try {
    forEachRow(decodeText(readFileSync(sample)), fields => rows.push(fields));
  } catch (cause) {
    throw new RequestError(`--sample ${sample}: ${(cause as Error).message}`, { cause });
  }
  const [columns, ...body] = rows;
  if (columns === undefined || columns.length < 2)
    throw new RequestError(`--sample ${sample}: expected a header with an id and at least one more column`);
  const find = imageFinder(names);
  const ids = body.map(([id]) => id!);
  const numbers = ids.map(id => find(id) ?? findInFolder(find, id) ?? -1);
  const missing = ids.filter((_, row) => numbers[row]! < 0);
  if (missing.length > 0)
    throw new RequestError(
      `--sample ${sample}: ${missing.length} of ${ids.length} ids have no image in ${images}: ${missing.slice(0, listed).join(', ')}${missing.length > listed ? ', …' : ''}`,
    );
  const unnamed = names.length - new Set(numbers).size;
  return { numbers: Int32Array.from(numbers), ids, columns, unnamed };
}

/** `test/1.jpg` is `1.jpg` where the folder `test` itself was given. */
function findInFolder(find: (id: string) => number | undefined, id: string): number | undefined {
  const slash = id.indexOf('/');
  if (slash < 0) return undefined;
  const inner = id.slice(slash + 1);
  return find(inner) ?? findInFolder(find, inner);
}
