import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fittingJson } from '../../../trainer/files/checked-json.js';
import { syncFolder, temporaryName, writeDurably } from '../../../trainer/files/durable-file.js';

/**
 * What a launcher knows of the agents of its entry from one `grid run` to the next: `fleet.json` in the entry's folder. One that is
 * missing or can't be read is begun anew.
 */
export class Notes<Content extends object> {
  private constructor(
    private readonly folder: string,
    public content: Content,
  ) {}

  /** @param schema of what `begin` makes */
  static async open<Content extends object>(
    folder: string,
    schema: object,
    begin: () => Content,
  ): Promise<Notes<Content>> {
    const known = fittingJson<Content>(readIfThere(join(folder, 'fleet.json')), schema);
    const notes = new Notes(folder, known ?? begin());
    if (known === undefined) await notes.write(notes.content);
    return notes;
  }

  /** On the disk once it resolves. */
  async write(content: Content): Promise<void> {
    this.content = content;
    const path = join(this.folder, 'fleet.json');
    const temporary = temporaryName(path);
    try {
      await writeDurably(temporary, [Buffer.from(`${JSON.stringify(content)}\n`)]);
      await rename(temporary, path);
      await syncFolder(this.folder);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}

/** `gridfarm-5f3a9c1b2d`: what the agents of an entry are found by on a cluster that others use as well. */
export const newFleetName = (): string => `gridfarm-${randomBytes(5).toString('hex')}`;

export const fleetNameSchema = { type: 'string', pattern: '^gridfarm-[0-9a-f]{10}$' };

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
