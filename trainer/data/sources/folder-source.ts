import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { crc32 } from 'node:zlib';
import type { ContentCache } from '../cache/content-cache.js';
import type { Problems } from '../data-error.js';
import { sizeOfFile } from './image-header.js';
import {
  checkFileSize,
  ImageError,
  type ImageSource,
  kindOfFile,
  notAnImageByName,
  type StoredImage,
} from './image-source.js';

/**
 * Names of all images below the folder `root`, in code-unit order. A symbolic link is followed if it stays below
 * `boundary`; else, and for whatever else can't be used, `problems` gets an entry under `key`.
 */
export function listFolder(root: string, boundary: string, problems: Problems, key: string): string[] {
  const names: string[] = [];
  const realBoundary = realpathSync(boundary) + sep;
  /** `around`: real paths of the folder and of those around it. */
  const walk = (folder: string, around: string[]) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const kind = kindOfFile(name);
      if (kind === 'hidden') continue;
      const found = entry.isSymbolicLink()
        ? followLink(join(root, name), realBoundary, around)
        : { isFolder: entry.isDirectory(), real: join(around.at(-1)!, entry.name) };
      if (typeof found === 'string') problems.error(key, found, name);
      else if (found.isFolder) walk(name, [...around, found.real]);
      else if (kind === 'image') names.push(name);
      else problems.warning(key, notAnImageByName, name);
    }
  };
  walk('', [realpathSync(root)]);
  return names.sort();
}

/** Where a link leads, or what is wrong with it. */
function followLink(
  path: string,
  realBoundary: string,
  around: string[],
): { isFolder: boolean; real: string } | string {
  try {
    const real = realpathSync(path);
    if (around.includes(real)) return 'a symbolic link leads back to a folder around it';
    if (!real.startsWith(realBoundary)) return 'a symbolic link leaves the data folder';
    return { isFolder: statSync(real).isDirectory(), real };
  } catch {
    return 'a symbolic link leads nowhere';
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
      checkFileSize(statSync(path).size);
      return readFileSync(path);
    } catch (cause) {
      if (cause instanceof ImageError) throw cause;
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
