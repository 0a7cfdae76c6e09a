import { readFileSync } from 'node:fs';
import type { DataSpec } from '../../contract/run-spec.js';
import type { Problems } from '../data-error.js';
import { findInside, leaves } from '../paths.js';
import { findImages } from '../sources/find-images.js';
import { decodeText, forEachRow } from './csv-rows.js';
import { emptyListing, type Format, type Listing } from './format.js';
import { type ImageFinder, imageFinder } from './image-finder.js';

/** A table of labels beside a folder or zip of images, as in Kaggle's competitions. */
export const csv: Format = {
  files: ({ images, labels, validationLabels }) =>
    [images ?? '.', labels, validationLabels].filter(name => name !== null),
  read(spec, problems, cacheDir) {
    const source = findImages(spec.root, spec.images, problems, cacheDir);
    const find = source && imageFinder(source.names);
    const train = readLabels(spec, 'labels', find, problems);
    const validation =
      spec.validation.source === 'files' ? readLabels(spec, 'validationLabels', find, problems) : null;
    if (!source || !train || validation === undefined) {
      source?.close();
      return undefined;
    }
    return { source, train, validation };
  },
};

/** Reads one table. With no `find` (no images) only the table itself is checked. */
function readLabels(
  spec: DataSpec,
  key: 'labels' | 'validationLabels',
  find: ImageFinder | undefined,
  problems: Problems,
): Listing | undefined {
  const file = spec[key];
  if (file === null) {
    problems.error(key, 'the CSV of labels is not given');
    return undefined;
  }
  const path = findInside(spec.root, file, key, problems);
  if (path === undefined) return undefined;
  const reader = new LabelReader(spec, key, file, find, problems);
  try {
    forEachRow(decodeText(readFileSync(path)), (fields, line) => reader.row(fields, line));
  } catch (error) {
    problems.error(key, `${file}: ${(error as Error).message}`);
    return undefined;
  }
  return reader.end();
}

class LabelReader {
  readonly #listing = emptyListing();
  readonly #lineOf = new Map<string, number>();
  #columns: { count: number; id: number; label: number } | undefined;

  constructor(
    private readonly spec: DataSpec,
    private readonly key: 'labels' | 'validationLabels',
    private readonly file: string,
    private readonly find: ImageFinder | undefined,
    private readonly problems: Problems,
  ) {}

  row(fields: string[], line: number): void {
    if (!this.#columns) {
      const { id, label } = this.spec.columns;
      this.#columns = { count: fields.length, id: fields.indexOf(id), label: fields.indexOf(label) };
      for (const key of ['id', 'label'] as const)
        if (this.#columns[key] < 0)
          this.problems.error(
            `columns.${key}`,
            `${this.file}:${line}: there is no column ${this.spec.columns[key]}; there are: ${fields.join(', ')}`,
          );
      return;
    }
    const { count, id, label } = this.#columns;
    if (id < 0 || label < 0) return;
    if (fields.length !== count)
      this.#error(
        `rows with another number of fields than the ${count} of the header`,
        line,
        `${fields.length}`,
      );
    else if (fields[id] === '') this.#error('rows without an id', line);
    else if (fields[label] === '') this.#error('rows without a label', line, fields[id]);
    else this.#add(fields[id]!, fields[label]!, line);
  }

  #add(id: string, label: string, line: number): void {
    const earlier = this.#lineOf.get(id);
    if (earlier !== undefined) {
      this.#error('duplicate ids', line, `${id}, first in line ${earlier}`);
      return;
    }
    this.#lineOf.set(id, line);
    const image = this.find?.(id);
    if (image === undefined) {
      if (leaves(id)) this.#error('ids that leave the data folder', line, id);
      else if (this.find) this.#error(`ids without an image in ${this.spec.images ?? '.'}`, line, id);
      return;
    }
    this.#listing.names.push(id);
    this.#listing.labels.push(label);
    this.#listing.images.push(image);
  }

  #error(message: string, line: number, detail?: string): void {
    this.problems.error(
      this.key,
      message,
      `${this.file}:${line}${detail === undefined ? '' : ` (${detail})`}`,
    );
  }

  end(): Listing | undefined {
    const columns = this.#columns;
    if (!columns) this.problems.error(this.key, `${this.file} is empty`);
    else if (columns.id >= 0 && columns.label >= 0 && this.#lineOf.size === 0)
      this.problems.error(this.key, `${this.file} has no rows below its header`);
    return columns && this.#listing.names.length > 0 ? this.#listing : undefined;
  }
}
