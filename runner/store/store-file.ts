import { statSync } from 'node:fs';

/**
 * Tells whether the store is the same file still: `grid rebuild` puts another in its place. The time too: of a file in a read-only
 * folder, which is taken as it is when it is opened, a reader sees no later writes.
 */
export function storeVersion(path: string): string {
  const { ino, mtimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { ino: 0, mtimeMs: 0 };
  return `${ino} ${mtimeMs}`;
}
