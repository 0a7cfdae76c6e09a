import { readFileSync } from 'node:fs';
import type { DataSpec } from '../../contract/run-spec.js';
import type { Problems } from '../data-error.js';
import { findInside } from '../paths.js';
import { findImages } from '../sources/find-images.js';
import { readTable } from './csv-table.js';
import type { Format, Listing } from './format.js';
import { imageFinder } from './image-finder.js';
import { type FoundImages, LabelReader } from './label-reader.js';

/** A table of labels beside a folder or zip of images, as in Kaggle's competitions. */
export const csv: Format = {
  files: ({ images, labels, validationLabels }) =>
    [images ?? '.', labels, validationLabels].filter(name => name !== null),
  read(spec, problems, cacheDir) {
    const source = findImages(spec.root, spec.images, problems, cacheDir);
    const images = source && {
      names: source.names,
      finder: imageFinder(source.names, spec.images ?? undefined),
    };
    const train = readLabels(spec, 'labels', images, problems);
    const validation =
      spec.validation.source === 'files' ? readLabels(spec, 'validationLabels', images, problems) : null;
    if (!source || !train || validation === undefined) {
      source?.close();
      return undefined;
    }
    if (validation) reportShared(train, validation, problems);
    return { source, train, validation };
  },
};

/** Reads one table. With no `images` only the table itself is checked. */
function readLabels(
  spec: DataSpec,
  key: 'labels' | 'validationLabels',
  images: FoundImages | undefined,
  problems: Problems,
): Listing | undefined {
  const file = spec[key];
  if (file === null) {
    problems.error(key, 'the CSV of labels is not given');
    return undefined;
  }
  const path = findInside(spec.root, file, key, problems);
  if (path === undefined) return undefined;
  const reader = new LabelReader(spec, key, file, images, problems);
  try {
    readTable(readFileSync(path), {
      columns: [spec.columns.id, spec.columns.label],
      row: (fields, line) => reader.row(fields, line),
      isComment: (text, line) => reader.isComment(text, line),
      remark: message => problems.warning(key, `${file}: ${message}`),
    });
  } catch (error) {
    problems.error(key, `${file}: ${(error as Error).message}`);
    return undefined;
  }
  return reader.end();
}

/** Images that are in both tables: what is learned by heart counts as recognized. */
function reportShared(train: Listing, validation: Listing, problems: Problems): void {
  const rowOf = new Map(train.images.map((image, row) => [image, row]));
  let shared = 0;
  let first = '';
  validation.images.forEach((image, row) => {
    const other = rowOf.get(image);
    if (other === undefined) return;
    const [id, label] = [validation.names[row]!, validation.labels[row]!];
    if (label !== train.labels[other])
      problems.error(
        'validationLabels',
        'contradictory labels of images that are in both tables',
        `${id} (${label}, for training ${train.labels[other]})`,
      );
    if (shared++ === 0)
      first = train.names[other] === id ? id : `${id}, in data.labels ${train.names[other]}`;
  });
  if (shared > 0)
    problems.warning(
      'validationLabels',
      `${shared} of the ${validation.images.length} validation images are training images, too, so that validation tells too much good: the first is ${first}; take them out of one of the tables`,
    );
}
