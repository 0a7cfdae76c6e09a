/** The folders of a data set, seen from the names of its images alone: the same in a folder and in a zip. */

/** One folder of a level. */
export interface FolderFacts {
  /** Images in it, however deep. */
  images: number;
  /** Images that lie right in it. */
  loose: number;
  /** Names of the folders in it that have images. */
  folders: ReadonlySet<string>;
}

export interface FolderLevel {
  folders: ReadonlyMap<string, FolderFacts>;
  /** Images that lie in none of them. */
  loose: string[];
}

/** What lies below `prefix` (empty, or ending in `/`). */
export function levelOf(names: readonly string[], prefix: string): FolderLevel {
  const folders = new Map<string, { images: number; loose: number; folders: Set<string> }>();
  const loose: string[] = [];
  for (const name of names) {
    if (!name.startsWith(prefix)) continue;
    const end = name.indexOf('/', prefix.length);
    if (end < 0) {
      loose.push(name);
      continue;
    }
    const top = name.slice(prefix.length, end);
    let facts = folders.get(top);
    if (!facts) {
      facts = { images: 0, loose: 0, folders: new Set() };
      folders.set(top, facts);
    }
    facts.images++;
    const next = name.indexOf('/', end + 1);
    if (next < 0) facts.loose++;
    else facts.folders.add(name.slice(end + 1, next));
  }
  return { folders, loose };
}

/**
 * The prefix below which the folders differ: a download often has one folder around everything. A folder that is alone
 * is passed through as long as it has folders itself.
 */
export function insideWrappers(names: readonly string[], start: string): string {
  let prefix = start;
  for (;;) {
    const { folders, loose } = levelOf(names, prefix);
    const [only] = folders;
    if (folders.size !== 1 || loose.length > 0 || only![1].folders.size === 0) return prefix;
    prefix += `${only![0]}/`;
  }
}

/** `a, b, c, …`: the first of many names. */
export function someOf(names: Iterable<string>, count = 5): string {
  const all = [...names];
  const shown = all.slice(0, count).join(', ');
  return all.length > count ? `${shown}, …` : shown;
}
