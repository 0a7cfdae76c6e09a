import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface SentCellsOptions {
  /** Absolute: a note for each cell of which all has been sent back. */
  folder: string;
  /** Absolute: that of a cell. */
  cellFolder(cellId: string): string;
  /** So many are kept, to be gone on with or looked at, */
  mostCells?: number;
  /** as far as they have no more than that together. */
  mostBytes?: number;
}

/** Is about to go. */
const going = '.sent';

/**
 * Folders of cells on an agent's machine. Of those that the coordinator has as a whole the oldest go, so that a machine which serves
 * for months isn't filled; what isn't sent, or not all of it, stays for ever.
 */
export class SentCells {
  readonly #options: Required<SentCellsOptions>;

  constructor(options: SentCellsOptions) {
    this.#options = { mostCells: 8, mostBytes: 4e9, ...options };
    mkdirSync(options.folder, { recursive: true });
  }

  /** A run of the cell begins: what it leaves is none of what has been sent. */
  begin(cellId: string): void {
    rmSync(this.#note(cellId), { force: true });
  }

  /** All that lies in its folder is the coordinator's, too. What can't be removed is removed another time. */
  async sent(cellId: string): Promise<void> {
    writeFileSync(this.#note(cellId), cellId);
    await this.tidy().catch(() => {});
  }

  /** Rejects with the file system's errors. */
  async tidy(): Promise<void> {
    const { mostCells, mostBytes, folder, cellFolder } = this.#options;
    const notes = readdirSync(folder)
      .map(name => ({ cellId: decodeURIComponent(name), ms: statSync(join(folder, name)).mtimeMs }))
      .sort((one, other) => other.ms - one.ms);
    let bytes = 0;
    for (const [index, { cellId }] of notes.entries()) {
      const place = cellFolder(cellId);
      bytes += await bytesIn(place);
      if (index < mostCells && (index === 0 || bytes <= mostBytes)) continue;
      // A run of it may have begun meanwhile.
      if (!existsSync(this.#note(cellId))) continue;
      // At once, so that a run which begins now finds all of it or nothing.
      if (existsSync(place)) renameSync(place, place + going);
      await rm(place + going, { recursive: true, force: true });
      if (!existsSync(place)) rmSync(this.#note(cellId), { force: true });
    }
  }

  #note(cellId: string): string {
    return join(this.#options.folder, encodeURIComponent(cellId));
  }
}

/** 0: there is nothing. */
async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries)
    if (entry.isFile())
      bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  return bytes;
}
