import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anyText, listOf, recordOf } from '../../contract/shape.js';
import { fittingJson } from '../../files/checked-json.js';

/** By path. */
type Contents = Record<string, [signature: string, value: string]>;
const contents = recordOf({ ...listOf(anyText), minItems: 2, maxItems: 2 });

/**
 * Remembers what was computed from a file's content (a checksum), as long as its size, time of change and inode
 * stay the same. One JSON file a folder of data; if that can't be written or is damaged, all is computed again.
 */
export class ContentCache {
  readonly #path: string;
  readonly #known: Contents;
  readonly #now: Contents = {};

  /** `folder`: what the files belong to. */
  constructor(cacheDir: string, folder: string) {
    const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
    this.#path = join(cacheDir, `contents-${name}.json`);
    this.#known = readContents(this.#path) ?? {};
  }

  get(path: string, compute: () => string): string {
    const { size, mtimeMs, ctimeMs, ino } = statSync(path);
    const signature = `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
    const known = this.#known[path];
    const value = known?.[0] === signature ? known[1] : compute();
    this.#now[path] = [signature, value];
    return value;
  }

  /** Writes what was asked for since the beginning; the rest is forgotten. */
  save(): void {
    if (Object.keys(this.#now).length === 0) return;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      const temporary = `${this.#path}.${process.pid}.tmp`;
      writeFileSync(temporary, JSON.stringify(this.#now));
      renameSync(temporary, this.#path);
    } catch {
      // Only slower next time: a full disk or a read-only folder must not stop a run here.
    }
  }
}

function readContents(path: string): Contents | undefined {
  try {
    return fittingJson(readFileSync(path, 'utf8'), contents);
  } catch {
    return undefined;
  }
}
