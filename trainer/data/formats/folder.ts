import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, parse } from 'node:path';
import type { DataSpec } from '../../contract/run-spec.js';
import type { Problems } from '../data-error.js';
import { partOf } from '../part-names.js';
import { findImages } from '../sources/find-images.js';
import { levelOf, someOf } from './folder-level.js';
import { type FolderLayout, folderLayout } from './folder-parts.js';
import { emptyListing, type Format, type Listing } from './format.js';

/**
 * One folder a class, in a folder or a zip, perhaps in folders around all of them; in `train/` and `validation/` where
 * the data set's own validation part is asked for.
 */
export const folder: Format = {
  files: ({ images }) => [images ?? '.'],
  read(spec, problems, cacheDir) {
    const source = findImages(spec.root, spec.images, problems, cacheDir);
    if (!source) return undefined;
    const { names } = source;
    const prefixes = choose(spec, folderLayout(names), names, problems);
    if (prefixes) {
      const list = (prefix: string) => listClasses(names, prefix, spec, problems);
      const { train, validation } = prefixes;
      return { source, train: list(train), validation: validation === null ? null : list(validation) };
    }
    source.close();
    return undefined;
  },
};

/** Where the classes of each part lie. */
interface Prefixes {
  train: string;
  validation: string | null;
}

/** What a layout is to a spec; undefined, and a problem, where they don't fit. */
function choose(
  { validation: { source }, ...spec }: DataSpec,
  layout: FolderLayout,
  names: readonly string[],
  problems: Problems,
): Prefixes | undefined {
  if (layout.kind === 'unclear') {
    problems.error('images', layout.why);
    return undefined;
  }
  if (layout.kind === 'classes') {
    const tops = levelOf(names, layout.prefix).folders.keys();
    if (source === 'files') {
      problems.error('images', `expected the folders train and validation, found ${someOf(tops)}`);
      return undefined;
    }
    if (layout.doubt !== undefined) problems.warning('images', layout.doubt);
    if (isUnexpected(layout.prefix, spec))
      problems.warning('images', `all images lie in ${layout.prefix}: the classes are the folders there`);
    return { train: layout.prefix, validation: null };
  }
  const { train, validation, leftOut } = layout;
  if (source === 'files' && !validation) {
    problems.error(
      'images',
      `expected the folders train and validation, found ${someOf([train.folder, ...leftOut])}: data.validation.source: split holds out a part of ${train.folder}; to validate on another part, give its folder the name validation`,
    );
    return undefined;
  }
  if (source === 'split' && validation) {
    problems.error(
      'images',
      `has the folders ${train.folder} and ${validation.folder}: set data.validation.source to files, or data.images to the ${train.folder} folder`,
    );
    return undefined;
  }
  if (leftOut.length > 0)
    problems.warning(
      'images',
      `taken by their names: ${train.folder} for training${validation ? `, ${validation.folder} for validation` : ''}; left out`,
      leftOut.join(', '),
    );
  return { train: train.prefix, validation: validation?.prefix ?? null };
}

/** A folder around all classes that is called like what it lies in, or like a part, needs no word. */
function isUnexpected(
  prefix: string,
  { root, images, name }: Pick<DataSpec, 'root' | 'images' | 'name'>,
): boolean {
  const known = [basename(root), parse(images ?? '').name, name, 'images', 'data'].map(word =>
    word.toLowerCase(),
  );
  return prefix
    .split('/')
    .some(folder => folder !== '' && !known.includes(folder.toLowerCase()) && partOf(folder) === undefined);
}

function listClasses(
  names: readonly string[],
  prefix: string,
  { root, images }: DataSpec,
  problems: Problems,
): Listing {
  const listing = emptyListing();
  names.forEach((name, image) => {
    if (!name.startsWith(prefix)) return;
    const path = name.slice(prefix.length);
    const end = path.indexOf('/');
    if (end < 0) {
      problems.error('images', 'images that lie in no class folder', name);
      return;
    }
    listing.names.push(path);
    listing.labels.push(path.slice(0, end));
    listing.images.push(image);
  });
  const known = new Set(listing.labels);
  for (const name of foldersIn(join(root, images ?? '.', prefix)))
    if (!known.has(name))
      problems.warning('images', 'folders without an image, which make no class', `${prefix}${name}`);
  return listing;
}

/** Names of the folders in a folder, without hidden ones; of a zip none. */
function foldersIn(path: string): string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !/^(\.|__MACOSX$)/.test(entry.name))
    .map(({ name }) => name)
    .sort();
}
