import { type Dirent, lstatSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ContentCache } from '../cache/content-cache.js';
import type { Problems } from '../data-error.js';
import { sizeOfFile } from './image-header.js';
import { ImageError, type ImageSource, kindOfFile, type StoredImage } from './image-source.js';

/**
 * Names of all images below the folder `root`, in code-unit order. A symbolic link is followed if it stays below
 * `boundary`; else, and for whatever else can't be used, `problems` gets an entry under `key`.
 */
export function listFolder(root: string, boundary: string, problems: Problems, key: string): string[] {
  const names: string[] = [];
  const realBoundary = realpathSync(boundary) + sep;
  const walk = (folder: string, depth: number) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const type = typeOf(entry, join(root, name), realBoundary);
      const kind = kindOfFile(name);
      if (kind === 'hidden') continue;
      if (type === 'outside') problems.error(key, 'a symbolic link leaves the data folder', name);
      else if (type === 'broken') problems.error(key, 'a symbolic link leads nowhere', name);
      else if (type === 'folder' && depth > 32)
        problems.error(key, 'folders too deep (a circle of links?)', name);
      else if (type === 'folder') walk(name, depth + 1);
      else if (kind === 'image') names.push(name);
      else problems.warning(key, 'neither JPEG nor PNG by its name, left out', name);
    }
  };
  walk('', 0);
  return names.sort();
}

function typeOf(entry: Dirent, path: string, realBoundary: string): 'file' | 'folder' | 'outside' | 'broken' {
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'file';
  try {
    const real = realpathSync(path);
    if (!real.startsWith(realBoundary)) return 'outside';
    return statSync(real).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'broken';
  }
}

/** Images of a folder. */
export class FolderSource implements ImageSource {
  readonly names: readonly string[];
  readonly #root: string;
  readonly #contents: ContentCache | undefined;

  constructor(root: string, names: readonly string[], contents?: ContentCache) {
    this.#root = root;
    this.names = names;
    this.#contents = contents;
  }

  content(image: number): string {
    const path = this.#path(image);
    const compute = () => {
      const bytes = this.#bytes(image);
      return `${crc32(bytes)}:${bytes.length}`;
    };
    return this.#contents ? this.#contents.get(path, compute) : compute();
  }

  read(image: number): StoredImage {
    return { kind: 'file', bytes: this.#bytes(image) };
  }

  size(image: number) {
    return sizeOfFile(this.#bytes(image));
  }

  #path(image: number): string {
    return join(this.#root, this.names[image]!);
  }

  #bytes(image: number): Buffer {
    const path = this.#path(image);
    try {
      if (!lstatSync(path).isFile() && !statSync(path).isFile()) throw new Error('not a file');
      return readFileSync(path);
    } catch (cause) {
      throw new ImageError(`can’t be read (${(cause as Error).message})`, { cause });
    }
  }

  describe() {
    return { kind: 'folder' as const, root: this.#root, names: this.names };
  }

  close(): void {
    this.#contents?.save();
  }
}
