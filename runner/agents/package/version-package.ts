import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { temporaryName, writeDurably } from '../../../trainer/files/durable-file.js';
import { hashOfFile } from '../../trainer-client/hash-pieces.js';
import { moduleFiles, programFiles, readNeeded } from './contents.js';
import { type TarFile, tarOf } from './tar.js';

/** What `GET /v1/package/<name>` sends. */
export interface PackagedFile {
  path: string;
  bytes: number;
  /** Hex. */
  sha256: string;
}

/**
 * The version that runs here, packed for other machines: `gridfarm-<version>.tar.gz`, and the modules as they are installed here,
 * `modules-<version>.tar.gz`, for machines that reach no registry. Made once and kept in a folder; the bytes depend on the contents alone.
 */
export class VersionPackage {
  readonly #making = new Map<string, Promise<PackagedFile>>();

  private constructor(
    private readonly folder: string,
    /** SHA-256 of the program's package, hex: what the version is called. */
    readonly version: string,
  ) {}

  /** @param folder of the cache: made if missing. Rejects as `readNeeded`, and with the file system's errors. */
  static async open(folder: string): Promise<VersionPackage> {
    mkdirSync(folder, { recursive: true });
    const packed = await packProgram(folder);
    return new VersionPackage(folder, packed.sha256);
  }

  get programName(): string {
    return programName(this.version);
  }

  /**
   * Undefined: it has none of that name. What isn't in the folder is packed when it is asked for, which takes seconds for the
   * modules. Rejects with the file system's errors.
   */
  async file(name: string): Promise<PackagedFile | undefined> {
    const pack =
      name === this.programName ? packProgram : name === modulesName(this.version) ? packModules : undefined;
    if (pack === undefined) return undefined;
    const making = this.#making.get(name) ?? this.#keptOr(name, pack);
    this.#making.set(name, making);
    try {
      return await making;
    } finally {
      this.#making.delete(name);
    }
  }

  async #keptOr(
    name: string,
    pack: (folder: string, name: string) => Promise<PackagedFile>,
  ): Promise<PackagedFile> {
    const path = join(this.folder, name);
    if (!existsSync(path)) return pack(this.folder, name);
    const sha256 = name === this.programName ? this.version : await hashOfFile(path);
    return { path, bytes: statSync(path).size, sha256 };
  }
}

const programName = (version: string) => `gridfarm-${version}.tar.gz`;

const modulesName = (version: string) => `modules-${version}.tar.gz`;

const packProgram = (folder: string) => pack(programFiles(readNeeded()), folder, programName);
const packModules = (folder: string, name: string) => pack(moduleFiles(readNeeded()), folder, () => name);

/** Written whole, or not at all. `nameOf`: of its hash. */
async function pack(
  files: Iterable<TarFile>,
  folder: string,
  nameOf: (sha256: string) => string,
): Promise<PackagedFile> {
  const temporary = temporaryName(join(folder, 'package'));
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await pipeline(tarOf(files), createGzip({ level: 6 }), async parts => {
      const counted = async function* () {
        for await (const part of parts as AsyncIterable<Buffer>) {
          hash.update(part);
          bytes += part.length;
          yield part;
        }
      };
      await writeDurably(temporary, counted());
    });
    const sha256 = hash.digest('hex');
    const path = join(folder, nameOf(sha256));
    await rename(temporary, path);
    return { path, bytes, sha256 };
  } finally {
    await rm(temporary, { force: true });
  }
}
