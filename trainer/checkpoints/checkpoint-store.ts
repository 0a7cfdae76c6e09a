/**
 * The checkpoints of a cell:
 *
 *     checkpoints/epoch-000007/{weights, optimizer[, ema]}.safetensors, state.json   of the two newest epochs
 *     checkpoints/{last, best}[-ema].safetensors                                     other names of such weights
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CheckpointError, unreadable, unwritable } from './checkpoint-error.js';
import type { CheckpointState } from './checkpoint-state.js';
import { pointTo, syncFolder, temporaryName, writeDurably } from './durable-file.js';
import { parse, type Safetensors, serialize } from './safetensors.js';

const stateFile = 'state.json';
const fileOf = (kind: FileKind) => `${kind}.safetensors`;
const epochsKept = 2;
const epochFolder = /^epoch-(\d{6,})$/;

type FileKind = keyof CheckpointState['files'];

export interface Checkpoint {
  state: Omit<CheckpointState, 'version' | 'files'>;
  weights: Safetensors;
  optimizer: Safetensors;
  /** The averaged weights of a run that has them. */
  ema?: Safetensors | null;
}

/** Path relative to the run's folder. */
export const weightsPath = (kind: 'last' | 'best', isAverage = false): string =>
  join('checkpoints', `${kind}${isAverage ? '-ema' : ''}.safetensors`);

export class CheckpointStore {
  readonly #folder: string;

  /** `runDir`: absolute folder of the cell. */
  constructor(private readonly runDir: string) {
    this.#folder = join(runDir, 'checkpoints');
  }

  /**
   * Writes the checkpoint of a finished epoch: complete under its name or not there at all. Older ones are removed
   * only after that. Throws a CheckpointError where the disk is full or can't be written.
   */
  async save({ state, weights, optimizer, ema }: Checkpoint, isBest: boolean): Promise<void> {
    const target = join(this.#folder, `epoch-${String(state.epoch).padStart(6, '0')}`);
    const temporary = temporaryName(target);
    try {
      await mkdir(temporary, { recursive: true });
      const write = (kind: FileKind, content: Safetensors) =>
        writeSummed(join(temporary, fileOf(kind)), serialize(content));
      const sums = {
        weights: await write('weights', weights),
        optimizer: await write('optimizer', optimizer),
        ...(ema ? { ema: await write('ema', ema) } : {}),
      };
      const content: CheckpointState = { version: 1, ...state, files: sums };
      await writeDurably(join(temporary, stateFile), [Buffer.from(`${JSON.stringify(content)}\n`)]);
      // What is there under this name was found unreadable, or the run would have gone on from it.
      await rm(target, { recursive: true, force: true });
      await rename(temporary, target);
      await this.#name(target, isBest, Boolean(ema));
      await syncFolder(this.#folder);
      await this.#prune();
    } catch (cause) {
      await rm(temporary, { recursive: true, force: true }).catch(() => {});
      throw unwritable(target, cause);
    }
  }

  /**
   * The newest whole checkpoint, or null. Each unreadable one on the way is reported to `onWarning`. Throws a CheckpointError
   * where none is left but one that a condition of the machine hides: that is no reason to begin anew.
   */
  async loadNewest(onWarning: (message: string) => void): Promise<Checkpoint | null> {
    let hidden: CheckpointError | undefined;
    for (const name of (await this.#epochFolders()).reverse()) {
      const folder = join(this.#folder, name);
      let checkpoint: Checkpoint;
      try {
        checkpoint = await readCheckpoint(folder);
      } catch (cause) {
        const error = unreadable(folder, cause);
        if (error.failure === 'environment') hidden ??= error;
        onWarning(`${error.message}; it is passed over`);
        continue;
      }
      // A kill may have come between the checkpoint and its names.
      const isBest = checkpoint.state.best?.epoch === checkpoint.state.epoch;
      await this.#name(folder, isBest, Boolean(checkpoint.ema));
      return checkpoint;
    }
    if (hidden !== undefined) throw hidden;
    return null;
  }

  /** Removes all checkpoints. */
  async clear(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Lets `last` (and `best`) be the weights of this epoch's folder, averaged ones likewise. */
  async #name(epoch: string, isBest: boolean, hasAverage: boolean): Promise<void> {
    for (const isAverage of hasAverage ? [false, true] : [false]) {
      const weights = join(epoch, fileOf(isAverage ? 'ema' : 'weights'));
      await pointTo(weights, join(this.runDir, weightsPath('last', isAverage)));
      if (isBest) await pointTo(weights, join(this.runDir, weightsPath('best', isAverage)));
    }
  }

  /** Oldest first. */
  async #epochFolders(): Promise<string[]> {
    const names = await this.#names();
    const number = (name: string) => Number(epochFolder.exec(name)![1]);
    return names.filter(name => epochFolder.test(name)).sort((a, b) => number(a) - number(b));
  }

  async #prune(): Promise<void> {
    const stale = (await this.#epochFolders()).slice(0, -epochsKept);
    const unfinished = (await this.#names()).filter(name => name.endsWith('.tmp'));
    for (const name of [...stale, ...unfinished])
      await rm(join(this.#folder, name), { recursive: true, force: true });
  }

  async #names(): Promise<string[]> {
    try {
      return await readdir(this.#folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw unreadable(this.#folder, error);
    }
  }
}

const sha256 = (parts: readonly Uint8Array[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

async function writeSummed(path: string, parts: readonly Uint8Array[]): Promise<string> {
  await writeDurably(path, parts);
  return sha256(parts);
}

async function readCheckpoint(folder: string): Promise<Checkpoint> {
  const state = JSON.parse(await readFile(join(folder, stateFile), 'utf8')) as CheckpointState;
  if (state.version !== 1)
    throw new CheckpointError(`state.json has version ${state.version}, expected 1`, 'crash');
  const read = async (kind: FileKind) => {
    const path = join(folder, fileOf(kind));
    const content = await readFile(path);
    const sum = sha256([content]);
    if (sum !== state.files[kind])
      throw new CheckpointError(
        `${fileOf(kind)} has SHA-256 ${sum}, expected ${state.files[kind]} (state.json)`,
        'crash',
      );
    return parse(content, path);
  };
  const ema = state.files.ema === undefined ? {} : { ema: await read('ema') };
  return { state, weights: await read('weights'), optimizer: await read('optimizer'), ...ema };
}
