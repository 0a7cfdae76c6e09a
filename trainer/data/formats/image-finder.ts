import { partOf } from '../part-names.js';

/** Finds the images that the ids of a table mean. */
export interface ImageFinder {
  /** Number of the image; undefined for none, and for what could be several. */
  find(id: string): number | undefined;
  /** Numbers of all images that it could be. */
  candidates(id: string): readonly number[];
}

const ambiguous = -1;
const imageExtension = /\.(jpe?g|jfif|png|webp|gif|bmp|tiff?)$/i;

/**
 * Finds images by their names, or by these without the extension and without the folder that all images are in. Else by
 * what is the same path to a reader: with `\`, `./` or the extension in another case, with more or fewer folders in front. What
 * could be two images is none.
 *
 * @param around path of what the names are relative to: `test/1.jpg` is no image of the folder `train`
 */
export function imageFinder(names: readonly string[], around = ''): ImageFinder {
  const byName = nameFinder(names);
  let byStem: Map<string, number[]> | undefined;
  /** Whoever doesn't find an id asks for its candidates next. */
  let last: { id: string; found: readonly number[] } | undefined;
  const candidates = (id: string): readonly number[] => {
    if (last?.id === id) return last.found;
    byStem ??= groupByStem(names);
    const wanted = partsOfPath(id);
    const sameStem = byStem.get(wanted.stem) ?? [];
    last = { id, found: sameStem.filter(image => fits(wanted, partsOfPath(names[image]!), around)) };
    return last.found;
  };
  return {
    candidates,
    find(id) {
      const clean = cleaned(id);
      const exact = byName(id) ?? (clean === id ? undefined : byName(clean));
      if (exact !== undefined) return exact;
      const [first, ...others] = candidates(id);
      return others.length === 0 ? first : undefined;
    },
  };
}

function nameFinder(names: readonly string[]): (id: string) => number | undefined {
  const first = names[0] ?? '';
  const prefix = first.slice(0, first.lastIndexOf('/') + 1);
  const common = names.every(name => name.startsWith(prefix)) ? prefix : '';
  const shorten = (name: string) => {
    const start = name.startsWith(common) ? common.length : 0;
    const dot = name.lastIndexOf('.');
    return name.slice(start, dot > name.lastIndexOf('/') ? dot : undefined);
  };
  const byName = new Map(names.map((name, number) => [name, number]));
  let byShortName: Map<string, number> | undefined;
  return id => {
    const exact = byName.get(id) ?? byName.get(common + id);
    if (exact !== undefined) return exact;
    if (!byShortName) {
      byShortName = new Map();
      for (const [name, number] of byName) {
        const short = shorten(name);
        byShortName.set(short, byShortName.has(short) ? ambiguous : number);
      }
    }
    // An id with an extension means that very file; only one without may mean any.
    const short = byShortName.get(id.startsWith(common) ? id.slice(common.length) : id);
    return short === ambiguous ? undefined : short;
  };
}

interface PathParts {
  folders: string[];
  /** Name of the file without its extension. */
  stem: string;
  /** In small letters, with its dot; empty where it is none of an image. */
  extension: string;
}

function groupByStem(names: readonly string[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  names.forEach((name, image) => {
    const { stem } = partsOfPath(name);
    const group = groups.get(stem);
    if (group) group.push(image);
    else groups.set(stem, [image]);
  });
  return groups;
}

/** Plain characters without `\`, `:` or folders that lead nowhere: nearly all. */
const isClean = /^(?!\.?\/)(?!.*\/\.?\/)[!-9;-[\]-~]+$/;

/** One way to write a path: composed letters, `/`, nothing that leads nowhere. */
const cleaned = (path: string): string =>
  isClean.test(path)
    ? path
    : path
        .normalize('NFC')
        .replaceAll('\\', '/')
        .replace(/^[a-z]:\//i, '')
        .split('/')
        .filter(part => part !== '' && part !== '.')
        .join('/');

function partsOfPath(path: string): PathParts {
  const folders = cleaned(path).split('/');
  const file = folders.pop()!;
  const extension = imageExtension.exec(file)?.[0] ?? '';
  return {
    folders,
    stem: file.slice(0, file.length - extension.length),
    extension: extension.toLowerCase().replace(/jpeg|jfif/, 'jpg'),
  };
}

/** Whether one of the paths is the end of the other. */
function fits(wanted: PathParts, image: PathParts, around: string): boolean {
  if (wanted.extension !== '' && wanted.extension !== image.extension) return false;
  const shared = Math.min(wanted.folders.length, image.folders.length);
  const endOf = (folders: string[]) => folders.slice(folders.length - shared).join('/');
  if (endOf(wanted.folders) !== endOf(image.folders)) return false;
  return isSamePart(wanted.folders.slice(0, wanted.folders.length - shared), around);
}

/** Folders that only the id has may be those around the images; those of another part of the data set aren't. */
function isSamePart(folders: readonly string[], around: string): boolean {
  const own = new Set(around.split('/').map(folder => partOf(folder.replace(/\.zip$/i, ''))?.part));
  own.delete(undefined);
  return folders.every(folder => {
    const part = partOf(folder)?.part;
    return part === undefined || (own.size > 0 ? own.has(part) : part !== 'test');
  });
}
