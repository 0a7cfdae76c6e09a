/** The images of a request: which they are, in which order, and what they are called. */
import { readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { imageKinds } from '../contract/image-files.js';
import type { SubmissionTemplate } from '../contract/inference.js';
import type { DataSpec } from '../contract/run-spec.js';
import { Problems } from '../data/data-error.js';
import { imageFinder } from '../data/formats/image-finder.js';
import { FolderSource, listFolder } from '../data/sources/folder-source.js';
import type { ImageSource } from '../data/sources/image-source.js';
import { listZip, ZipSource } from '../data/sources/zip-source.js';
import { idStyle } from './id-style.js';
import { RequestError } from './request-error.js';
import { readTemplate } from './template.js';
import type { TemplateContext } from './template-context.js';

export interface ImageList {
  source: ImageSource;
  /** Numbers in the source, by row. */
  numbers: Int32Array;
  ids: string[];
}

/** The images of a sample submission. */
export interface SampleList extends ImageList {
  template: SubmissionTemplate;
  /** Names of images that it doesn't have. */
  unnamed: string[];
}

/**
 * All images of a folder or zip in the order of their names, called as the training table calls its own. Throws a
 * RequestError for what isn't there, a DataError for images that can't be listed. The caller closes `source`.
 */
export function listImages(images: string, data: DataSpec): ImageList {
  const source = open(images);
  const style = idStyle(data, source.names);
  const order = [...source.names.keys()].sort((a, b) => (source.names[a]! < source.names[b]! ? -1 : 1));
  const ids = order.map(number => style(source.names[number]!));
  return { source, numbers: Int32Array.from(order), ids };
}

/** Those of a sample submission, in its order. Throws as `listImages` does, and what `readTemplate` does. */
export function listSample(
  images: string,
  sample: string,
  options: Pick<TemplateContext, 'classes' | 'known' | 'asked'>,
): SampleList {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(sample);
  } catch (cause) {
    throw new RequestError(`--sample ${sample}: ${(cause as Error).message}`, { cause });
  }
  const source = open(images);
  try {
    const { names } = source;
    const { find: byName } = imageFinder(names);
    const find = (id: string) => byName(id) ?? findInFolder(byName, id);
    const { template, ids, numbers } = readTemplate(sample, bytes, { ...options, find, names, images });
    const named = new Set(numbers);
    const unnamed = names.filter((_, number) => !named.has(number));
    return { source, numbers: Int32Array.from(numbers), ids, template, unnamed };
  } catch (error) {
    source.close();
    throw error;
  }
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

/** `test/1.jpg` is `1.jpg` where the folder `test` itself was given. */
function findInFolder(find: (id: string) => number | undefined, id: string): number | undefined {
  const slash = id.indexOf('/');
  if (slash < 0) return undefined;
  const inner = id.slice(slash + 1);
  return find(inner) ?? findInFolder(find, inner);
}
