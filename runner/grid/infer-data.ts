/** What a folder of data is laid out like. */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { imageExtension } from '../../trainer/contract/image-files.js';

/** A folder that is no data set that could be recognized. */
class UnknownLayoutError extends Error {
  override readonly name = 'UnknownLayoutError';
  readonly exitCode = 2;
}

const idxFile = /-idx[13]-ubyte(\.gz)?$/;
const testFile = /test|submission/i;

/**
 * The `data` section of a grid for a folder: MNIST's IDX files; a table of labels beside a zip or a folder of images; a folder
 * (or a zip) with a folder for each class, perhaps in `train/` and `validation/` or `val/`.
 *
 * @throws UnknownLayoutError
 */
export function inferData(folder: string): Record<string, unknown> {
  const entries = readdirSync(folder, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  const files = entries.filter(entry => !entry.isDirectory()).map(({ name }) => name);
  const folders = entries.filter(entry => entry.isDirectory()).map(({ name }) => name);
  const common = { name: basename(resolve(folder)), root: resolve(folder) };
  if (files.some(name => idxFile.test(name))) return { ...common, format: 'mnist' };
  const zips = files.filter(name => name.endsWith('.zip') && !testFile.test(name));
  const table = trainFirst(files.filter(name => name.endsWith('.csv') && !testFile.test(name)))
    .map(labels => ({ labels, columns: columnsOf(join(folder, labels)) }))
    .find(({ columns }) => columns !== undefined);
  const images = trainFirst([...zips, ...folders.filter(name => !testFile.test(name))])[0];
  if (table !== undefined) return { ...common, format: 'csv', images: images ?? '.', ...table };
  const isSplit = folders.includes('train') && folders.some(name => name === 'validation' || name === 'val');
  if (isSplit) return { ...common, format: 'folder', validation: { source: 'files' } };
  if (folders.length >= 2) return { ...common, format: 'folder' };
  if (images !== undefined) return { ...common, format: 'folder', images };
  throw new UnknownLayoutError(
    `${folder}: expected a table of labels with a zip or folder of images, a folder for each class, or MNIST's IDX files; found ${
      entries
        .slice(0, 5)
        .map(({ name }) => name)
        .join(', ') || 'nothing'
    }`,
  );
}

/** Those of training before all others. */
function trainFirst(names: readonly string[]): string[] {
  return [...names].sort(
    (a, b) => Number(b.startsWith('train')) - Number(a.startsWith('train')) || (a < b ? -1 : 1),
  );
}

/** Of a table that begins with a column that names images: that one, and the one that names their classes. */
function columnsOf(file: string): { id: string; label: string } | undefined {
  const [header = '', row = ''] = firstLines(file);
  const names = header.split(',').map(name => name.trim().replace(/^"|"$/g, ''));
  const values = row.split(',').map(value => value.trim().replace(/^"|"$/g, ''));
  const id = values.findIndex(value => imageExtension.test(value));
  const label = names.findIndex((_, index) => index !== id);
  return id < 0 || label < 0 ? undefined : { id: names[id]!, label: names[label]! };
}

function firstLines(file: string): string[] {
  const head = Buffer.alloc(4096);
  const descriptor = openSync(file, 'r');
  try {
    const length = readSync(descriptor, head);
    return head
      .toString('utf8', 0, length)
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/);
  } finally {
    closeSync(descriptor);
  }
}
