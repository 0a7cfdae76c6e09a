import { existsSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { KeptFiles, newestFirst } from '../data/kept-files.js';

/** Weights that runs begin with, by their hash. */
export class WeightsStore {
  readonly #kept: KeptFiles;

  /** `folder`: absolute. `mostBytes`: what is used least goes before more comes. */
  constructor(
    private readonly folder: string,
    mostBytes: number,
  ) {
    this.#kept = new KeptFiles(mostBytes, () =>
      newestFirst(
        (existsSync(folder) ? readdirSync(folder) : [])
          .filter(name => name.endsWith('.safetensors'))
          .map(name => {
            const note = join(folder, name);
            return { name, note, bytes: statSync(note).size, remove: () => rm(note, { force: true }) };
          }),
      ),
    );
  }

  place(hash: string): string {
    return join(this.folder, `${hash.replaceAll(/[^A-Za-z0-9_-]/g, '_')}.safetensors`);
  }

  use(path: string): void {
    this.#kept.use(path);
  }

  makeRoom(bytes: number): Promise<void> {
    return this.#kept.makeRoom(bytes);
  }
}
