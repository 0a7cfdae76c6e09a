import type { Problems } from '../data-error.js';
import { findImages } from '../sources/find-images.js';
import { emptyListing, type Format, type Listing } from './format.js';

const trainFolder = 'train';
const validationFolders = ['validation', 'val'];

/** One folder a class, in a folder or a zip; `train/` and `validation/` (or `val/`) around them where asked for. */
export const folder: Format = {
  files: ({ images }) => [images ?? '.'],
  read(spec, problems, cacheDir) {
    const source = findImages(spec.root, spec.images, problems, cacheDir);
    if (!source) return undefined;
    const { names } = source;
    const tops = new Set(names.map(name => name.split('/')[0]!));
    const validationFolder = validationFolders.find(name => tops.has(name));
    const isSplit = tops.has(trainFolder) && validationFolder !== undefined;
    if (spec.validation.source === 'files') {
      if (isSplit)
        return {
          source,
          train: listClasses(names, `${trainFolder}/`, problems),
          validation: listClasses(names, `${validationFolder}/`, problems),
        };
      problems.error('images', `expected the folders train and validation, found ${someOf(tops)}`);
    } else if (isSplit)
      problems.error(
        'images',
        `has the folders train and ${validationFolder}: set data.validation.source to files, or data.images to the train folder`,
      );
    else return { source, train: listClasses(names, '', problems), validation: null };
    source.close();
    return undefined;
  },
};

function listClasses(names: readonly string[], prefix: string, problems: Problems): Listing {
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
  return listing;
}

function someOf(names: Set<string>): string {
  const shown = [...names].slice(0, 5).join(', ');
  return names.size > 5 ? `${shown}, …` : shown;
}
