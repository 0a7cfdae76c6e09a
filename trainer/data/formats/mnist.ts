import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSpec } from '../../contract/run-spec.js';
import type { Problems } from '../data-error.js';
import { findInside } from '../paths.js';
import { readIdx } from '../sources/idx-file.js';
import { IdxSource } from '../sources/idx-source.js';
import { emptyListing, type Format, type Listing } from './format.js';

/** The four IDX files of MNIST and its likes (Fashion-MNIST, KMNIST), each plain or `.gz`. */
export const mnist: Format = {
  files: spec => partsOf(spec).flatMap(({ images, labels }) => [images, labels]),
  read(spec, problems) {
    const files = partsOf(spec).map(({ images, labels }) => ({
      images: findFile(spec, images, problems),
      labels: findFile(spec, labels, problems),
    }));
    if (files.some(({ images, labels }) => !images || !labels)) return undefined;
    try {
      const source = new IdxSource(files.map(({ images }) => images!));
      const listings = files.map(({ images, labels }) => list(source, images!.name, labels!, problems));
      return { source, train: listings[0]!, validation: listings[1] ?? null };
    } catch (error) {
      problems.error('root', (error as Error).message);
      return undefined;
    }
  },
};

interface File {
  path: string;
  name: string;
}

function partsOf(spec: DataSpec): { images: string; labels: string }[] {
  const parts = spec.validation.source === 'files' ? ['train', 't10k'] : ['train'];
  return parts.map(part => ({
    images: existingName(spec, `${part}-images-idx3-ubyte`),
    labels: existingName(spec, `${part}-labels-idx1-ubyte`),
  }));
}

/** The name itself, or gzipped, or with the dot that the original archives have in place of the last dash. */
function existingName(spec: DataSpec, name: string): string {
  const dotted = name.replace('-idx', '.idx');
  const candidates = [name, `${name}.gz`, dotted, `${dotted}.gz`];
  return candidates.find(candidate => existsSync(join(spec.root, candidate))) ?? name;
}

function findFile(spec: DataSpec, name: string, problems: Problems): File | undefined {
  const path = findInside(spec.root, name, 'root', problems);
  return path === undefined ? undefined : { path, name };
}

function list(source: IdxSource, images: string, labels: File, problems: Problems): Listing {
  const listing = emptyListing();
  const numbers = readIdx(labels.path, 1).data;
  source.names.forEach((name, image) => {
    if (!name.startsWith(`${images}[`)) return;
    const place = listing.names.length;
    listing.names.push(String(place));
    listing.labels.push(String(numbers[place]));
    listing.images.push(image);
  });
  if (numbers.length !== listing.names.length)
    problems.error(
      'root',
      `${images} has ${listing.names.length} images, ${labels.name} ${numbers.length} labels`,
    );
  return listing;
}
