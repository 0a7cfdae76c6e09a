import { imageExtension } from '../../contract/image-files.js';
import type { DataSpec } from '../../contract/run-spec.js';
import type { Problems } from '../data-error.js';
import { leaves } from '../paths.js';
import { findColumn } from './csv-table.js';
import { someOf } from './folder-level.js';
import { emptyListing, type Listing } from './format.js';
import type { ImageFinder } from './image-finder.js';

/** The images that a table is about. */
export interface FoundImages {
  names: readonly string[];
  finder: ImageFinder;
}

/** Of the images that are there so many are shown where one is missing. */
const shownNames = 3;

/** Takes the rows of one table of labels. With no `images` (there are none) only the table itself is checked. */
export class LabelReader {
  readonly #listing = emptyListing();
  /** Line of each row of the listing. */
  readonly #lines: number[] = [];
  /** Row of the listing by image, or by id where there are no images. */
  readonly #rowOf = new Map<number | string, number>();
  #columns: { count: number; id: number; label: number } | undefined;
  #rows = 0;
  /** The first images that are there, worded once. */
  #shown: string | undefined;

  constructor(
    private readonly spec: DataSpec,
    private readonly key: 'labels' | 'validationLabels',
    private readonly file: string,
    private readonly images: FoundImages | undefined,
    private readonly problems: Problems,
  ) {}

  row(fields: string[], line: number): void {
    if (!this.#columns) {
      this.#header(fields, line);
      return;
    }
    const { count, id, label } = this.#columns;
    if (id < 0 || label < 0) return;
    this.#rows++;
    if (fields.length < count || fields.slice(count).some(field => field !== ''))
      this.#error(
        `rows with another number of fields than the ${count} of the header`,
        line,
        `${fields.length}`,
      );
    else if (fields[id] === '') this.#error('rows without an id', line);
    else if (fields[label] === '') this.#error('rows without a label', line, fields[id]);
    else this.#add(fields[id]!, fields[label]!, line);
  }

  /** A line that begins with `#` is a row where it names an image. */
  isComment(text: string, line: number): boolean {
    const [first = ''] = text.split(/[,;\t|]/);
    if (this.images?.finder.find(first.trim()) !== undefined) return false;
    this.problems.warning(
      this.key,
      'lines that begin with # are passed over as comments',
      `${this.file}:${line}`,
    );
    return true;
  }

  #header(fields: string[], line: number): void {
    const { id, label } = this.spec.columns;
    this.#columns = { count: fields.length, id: findColumn(fields, id), label: findColumn(fields, label) };
    const place = `${this.file}:${line}`;
    if (this.#columns.id < 0 && this.#columns.label < 0) {
      const image = fields.find(field => this.#isImage(field));
      if (image !== undefined) {
        this.problems.error(
          this.key,
          `${place}: there is no header, the first line is already about ${image}: put the names of the columns above it (${this.spec.columns.id} and ${this.spec.columns.label}, or as data.columns says)`,
        );
        return;
      }
    }
    for (const key of ['id', 'label'] as const) {
      const name = this.spec.columns[key];
      const column = this.#columns[key];
      if (column < 0)
        this.problems.error(
          `columns.${key}`,
          `${place}: there is no column ${name}; there are: ${fields.join(', ')}`,
        );
      else if (fields[column] !== name)
        this.problems.warning(
          `columns.${key}`,
          `${place}: there is no column ${name}; ${JSON.stringify(fields[column])} is taken for it`,
        );
      else if (fields.filter(field => field === name).length > 1)
        this.problems.warning(
          `columns.${key}`,
          `${place}: several columns are called ${name}; the first is taken`,
        );
    }
  }

  #isImage(field: string): boolean {
    return imageExtension.test(field) || (field !== '' && this.images?.finder.find(field) !== undefined);
  }

  #add(id: string, label: string, line: number): void {
    const image = this.images?.finder.find(id);
    if (this.images && image === undefined) {
      this.#missing(id, line, this.images);
      return;
    }
    if (!this.images && leaves(id)) this.#error('ids that leave the data folder', line, id);
    const row = this.#rowOf.get(image ?? id);
    if (row !== undefined) {
      this.#repeated(id, label, line, row);
      return;
    }
    this.#rowOf.set(image ?? id, this.#listing.names.length);
    this.#lines.push(line);
    this.#listing.names.push(id);
    this.#listing.labels.push(label);
    this.#listing.images.push(image ?? -1);
  }

  /** A second row about an image: harmless if it says the same. */
  #repeated(id: string, label: string, line: number, row: number): void {
    const { names, labels } = this.#listing;
    const first = `${names[row] === id ? '' : `${names[row]}, `}line ${this.#lines[row]}`;
    if (labels[row] === label)
      this.problems.warning(
        this.key,
        'rows that repeat an image and its label, passed over',
        `${this.file}:${line} (${id}, as in ${first})`,
      );
    else
      this.#error(
        'contradictory labels of one image',
        line,
        `${id}: ${label}, but ${labels[row]} in ${first}`,
      );
  }

  #missing(id: string, line: number, { names, finder }: FoundImages): void {
    const folder = this.spec.images ?? '.';
    const several = finder.candidates(id);
    if (several.length > 1)
      this.#error(
        `ids that could be several images in ${folder}`,
        line,
        `${id}: ${someOf(
          several.slice(0, shownNames + 1).map(image => names[image]!),
          shownNames,
        )}`,
      );
    else if (leaves(id)) this.#error('ids that leave the data folder', line, id);
    else {
      this.#shown ??= someOf(names, shownNames);
      this.#error(`ids without an image in ${folder}, which has ${this.#shown}`, line, id);
    }
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
    else if (columns.id >= 0 && columns.label >= 0 && this.#rows === 0)
      this.problems.error(this.key, `${this.file} has no rows below its header`);
    return columns && this.images && this.#listing.names.length > 0 ? this.#listing : undefined;
  }
}
