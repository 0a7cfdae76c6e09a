import { createReadStream } from 'node:fs';
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { InitSpec } from '../../trainer/contract/run-spec.js';
import { GridfarmError } from '../domain/error.js';
import { bytesOfPiece } from './hash-pieces.js';
import { RunLog } from './run-log.js';
import { writeWhole } from './write-whole.js';

/** Where a run's files are on this machine, all absolute. A cell's `CellPaths` are the first of them. */
interface CellFolder {
  /** What the trainer writes. Exists already. */
  root: string;
  /** The run spec as JSON, for trainers that read a file. */
  runSpec: string;
  /** What the store holds of the cell, once more. */
  record: string;
  /** Everything that the trainer says beside its events is appended here. */
  log: string;
  /** Names the process that works in `root`, so that one left over by a killed runner is found and ended. */
  process: string;
}

export interface RunFolder {
  cell: CellFolder;
  /** Decoded data, shared by all cells. */
  cache: string;
  /** Folder of the grid file: where an external trainer's command runs. */
  grid: string;
}

interface ArtifactFile {
  /** Relative to the cell's folder, with `/`: `checkpoints/last/state.json`. */
  name: string;
  bytes: number;
  modifiedMs: number;
}

/**
 * The one way to a run's files: a slot knows of them what this gives. One on this machine works in their folder; any other takes
 * what the run goes on from, and brings back what its trainer writes.
 */
export interface ArtifactPort {
  /** Opens the cell's log, to append to it under a new header. */
  openLog(header: string): RunLog;
  /** All that the trainer keeps; nothing of the runner's. */
  list(): Promise<ArtifactFile[]>;
  read(name: string): AsyncIterable<Uint8Array>;
  /** Writes a file of the trainer's, whole and durably or not at all. Rejects if the content hasn't that SHA-256. */
  write(name: string, content: AsyncIterable<Uint8Array>, sha256: string): Promise<void>;
  /** Of the trainer's; one that isn't there is gone. */
  remove(name: string): Promise<void>;
  /** The file of the weights that the run begins with, by the hash in its `init`. */
  weights(hash: string): AsyncIterable<Uint8Array>;
  /** All of them as folders here, for a trainer that works on this machine. */
  folder(): RunFolder;
}

/** Artifacts that are kept in a folder of this machine; `init` of its run spec. */
export function folderArtifacts(folder: RunFolder, init: InitSpec | null): ArtifactPort {
  const { root, runSpec, record, log, process } = folder.cell;
  const runners = new Set([runSpec, record, log, process].map(path => nameOf(root, path)));
  const pathOf = (name: string) => {
    const parts = name.split('/');
    if (runners.has(name) || parts.some(part => ['', '.', '..'].includes(part) || /[\\:\0]/.test(part)))
      throw new GridfarmError('store', `${JSON.stringify(name)} is no file of the trainer's in ${root}`);
    return join(root, ...parts);
  };
  return {
    openLog: header => new RunLog(log, header),
    folder: () => folder,
    async list() {
      const paths = await readdir(root, { recursive: true });
      const names = paths.map(path => path.replaceAll(sep, '/')).filter(name => !runners.has(name));
      const files = names.map(async (name): Promise<ArtifactFile[]> => {
        // Files are replaced meanwhile.
        const found = await stat(join(root, name)).catch(() => undefined);
        if (!found?.isFile() || /\.(tmp|lock)$/.test(name)) return [];
        return [{ name, bytes: found.size, modifiedMs: found.mtimeMs }];
      });
      return (await Promise.all(files)).flat().sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    read: name => piecesOf(pathOf(name)),
    write: async (name, content, sha256) => writeWhole(pathOf(name), content, sha256),
    async remove(name) {
      const path = pathOf(name);
      await rm(path, { force: true });
      // The last one of its folder takes that with it.
      if (name.includes('/')) await rmdir(dirname(path)).catch(() => {});
    },
    weights(hash) {
      if (init?.hash !== hash)
        throw new GridfarmError('store', `the run begins with no weights of hash ${hash}`);
      return piecesOf(init.from);
    },
  };
}

/** It is opened when it is read: a file that is gone by then is an error of whoever reads. */
async function* piecesOf(path: string): AsyncGenerator<Uint8Array, void> {
  yield* createReadStream(path, { highWaterMark: bytesOfPiece });
}

const nameOf = (root: string, path: string) => relative(root, path).replaceAll(sep, '/');
