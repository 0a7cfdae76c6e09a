import { readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { Problems } from '../data-error.js';
import { type ImageFinder, imageFinder } from '../formats/image-finder.js';
import { partOf } from '../part-names.js';
import { listFolder } from '../sources/folder-source.js';
import { listZip } from '../sources/zip-source.js';

/** A folder or zip with images. */
export interface ImagePlace {
  /** Relative to the data folder; `.` for itself. */
  path: string;
  kind: 'folder' | 'zip';
  names: readonly string[];
  finder: ImageFinder;
}

/** The zips and folders right in `root` that have images, and `root` itself; zips that can't be read are named. */
export function imagePlaces(root: string): { places: ImagePlace[]; broken: string[] } {
  const broken: string[] = [];
  const place = (path: string, kind: ImagePlace['kind'], names: readonly string[]): ImagePlace[] =>
    names.length === 0 ? [] : [{ path, kind, names, finder: imageFinder(names, path) }];
  // What is wrong with single files is for the inspection to say.
  const ignored = new Problems();
  const places = readdirSync(root, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== '__MACOSX')
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap(entry => {
      const path = join(root, entry.name);
      if (entry.isDirectory()) return place(entry.name, 'folder', listFolder(path, root, ignored, 'images'));
      if (!/\.zip$/i.test(entry.name)) return [];
      try {
        return place(entry.name, 'zip', listZip(path, ignored, 'images').names);
      } catch (error) {
        broken.push(`${entry.name}: ${(error as Error).message}`);
        return [];
      }
    });
  return { places: [...places, ...place('.', 'folder', listFolder(root, root, ignored, 'images'))], broken };
}

/** The part that a file or folder right in the data folder is by its name. */
export const partOfFile = (name: string) => partOf(parse(name).name)?.part;
