import { statSync } from 'node:fs';
import { imageKinds } from '../../contract/image-files.js';
import { ContentCache } from '../cache/content-cache.js';
import type { Problems } from '../data-error.js';
import { findInside } from '../paths.js';
import { FolderSource, listFolder } from './folder-source.js';
import type { ImageSource } from './image-source.js';
import { listZip, ZipSource } from './zip-source.js';

/**
 * Opens the folder or zip `images` (null: the root itself) below `root`. Undefined, and problems under `images`,
 * where there is nothing to open or no image in it.
 */
export function findImages(
  root: string,
  images: string | null,
  problems: Problems,
  cacheDir: string | undefined,
): ImageSource | undefined {
  const path = findInside(root, images ?? '.', 'images', problems);
  if (path === undefined) return undefined;
  let source: ImageSource;
  const errorsBefore = problems.errorCount;
  try {
    if (statSync(path).isDirectory()) {
      const names = listFolder(path, root, problems, 'images');
      source = new FolderSource(
        path,
        names,
        cacheDir === undefined ? undefined : new ContentCache(cacheDir, path),
      );
    } else source = new ZipSource(path, listZip(path, problems, 'images'));
  } catch (error) {
    problems.error('images', `${images ?? root}: ${(error as Error).message}`);
    return undefined;
  }
  if (source.names.length > 0) return source;
  // Images that can't be used are there, and told of.
  if (problems.errorCount === errorsBefore)
    problems.error('images', `there is no ${imageKinds} in ${images ?? root}`);
  source.close();
  return undefined;
}
