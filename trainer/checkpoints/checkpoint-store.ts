/**
 * The checkpoints of a cell:
 *
 *     checkpoints/epoch-000007/{weights, optimizer[, ema]}.safetensors, state.json   of the two newest epochs
 *     checkpoints/epoch-000007/best[-ema].safetensors                                the best ones then, if of an earlier epoch
 *     checkpoints/{last, best}[-ema].safetensors                                     other names of such weights
 *     checkpoints/epoch-000007.damaged                                               one that couldn't be read
 */
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isOfAverage } from '../contract/events.js';
import { setAsideFolder } from '../contract/set-aside.js';
import { checkedJson } from '../files/checked-json.js';
import { linkOrCopy, pointTo, syncFolder, temporaryName, writeDurably } from '../files/durable-file.js';
import { type BestSums, bestKinds, restoreBest } from './best-weights.js';
import { CheckpointError, unreadable, unwritable } from './checkpoint-error.js';
import { type BestKind, type CheckpointState, checkpointState } from './checkpoint-state.js';
import { parse, type Safetensors, serialize } from './safetensors.js';
import { sha256 } from './sha256.js';

const stateFile = 'state.json';
const fileOf = (kind: FileKind) => `${kind}.safetensors`;
const epochsKept = 2;
const epochFolder = /^epoch-(\d{6,})$/;
const damagedFolder = /^epoch-(\d{6,})\.damaged$/;
const epochName = (epoch: number) => `epoch-${String(epoch).padStart(6, '0')}`;

type FileKind = keyof CheckpointState['files'];
/** An epoch's own file of each of the best weights. */
const ownFile = { best: 'weights', 'best-ema': 'ema' } as const satisfies Record<BestKind, FileKind>;

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
  /** Of the files that are the best weights now. */
  #bestSums: BestSums = {};

  /** `runDir`: absolute folder of the cell. */
  constructor(private readonly runDir: string) {
    this.#folder = join(runDir, 'checkpoints');
  }

  /**
   * Writes the checkpoint of a finished epoch: complete under its name or not there at all. Older ones are removed
   * only after that. Throws a CheckpointError where the disk is full or can't be written.
   */
  async save({ state, weights, optimizer, ema }: Checkpoint, isBest: boolean): Promise<void> {
    const target = join(this.#folder, epochName(state.epoch));
    const temporary = temporaryName(target);
    try {
      await mkdir(temporary, { recursive: true });
      const write = (kind: FileKind, content: Safetensors) =>
        writeSummed(join(temporary, fileOf(kind)), serialize(content));
      const sums: CheckpointState['files'] = {
        weights: await write('weights', weights),
        optimizer: await write('optimizer', optimizer),
        ...(ema ? { ema: await write('ema', ema) } : {}),
      };
      const best = isBest ? { best: sums.weights, 'best-ema': sums.ema } : this.#bestSums;
      const files = isBest ? sums : { ...sums, ...(await this.#keepBest(temporary)) };
      const content: CheckpointState = { version: 1, ...state, files };
      await writeDurably(join(temporary, stateFile), [Buffer.from(`${JSON.stringify(content)}\n`)]);
      await syncFolder(temporary);
      // What is there under this name is no whole checkpoint, or the run would have gone on from it.
      await rm(target, { recursive: true, force: true });
      await rename(temporary, target);
      await this.#name(target, isBest, Boolean(ema));
      this.#bestSums = best;
      await syncFolder(this.#folder);
      await this.#prune();
    } catch (cause) {
      await rm(temporary, { recursive: true, force: true }).catch(() => {});
      throw unwritable(target, cause);
    }
  }

  /**
   * The newest whole checkpoint, or null. Each unreadable one on the way is reported to `onWarning` and set aside, as are best
   * weights that are lost: those of the checkpoint take their place if it has a value of `metric`, the objective's. Throws a
   * CheckpointError where none is left but one that a condition of the machine hides: that is no reason to begin anew.
   */
  async loadNewest(onWarning: (message: string) => void, metric = ''): Promise<Checkpoint | null> {
    let hidden: CheckpointError | undefined;
    for (const name of (await this.#epochFolders()).reverse()) {
      const folder = join(this.#folder, name);
      let checkpoint: Awaited<ReturnType<typeof readCheckpoint>>;
      try {
        checkpoint = await readCheckpoint(folder);
      } catch (cause) {
        const error = unreadable(folder, cause);
        const isHidden = error.failure === 'environment';
        if (isHidden) hidden ??= error;
        else await replace(folder, `${folder}.damaged`);
        onWarning(`${error.message}; it is passed over${isHidden ? '' : `, and kept as ${name}.damaged`}`);
        continue;
      }
      // A kill may have come between the checkpoint and its names.
      await this.#name(folder, false, Boolean(checkpoint.ema));
      const best = await this.#findBest(folder, checkpoint.state, metric, onWarning);
      return { ...checkpoint, state: { ...checkpoint.state, best } };
    }
    if (hidden !== undefined) throw hidden;
    return null;
  }

  /** Puts all checkpoints where no run goes on from them. Returns that folder, relative to the run's; null: there are none. */
  async setAside(): Promise<string | null> {
    if ((await this.#names()).every(name => name.endsWith('.tmp'))) return null;
    const folder = setAsideFolder(new Date());
    const target = join(this.runDir, folder);
    await mkdir(dirname(target), { recursive: true });
    await rename(this.#folder, target);
    await syncFolder(this.runDir);
    this.#bestSums = {};
    return folder;
  }

  /** Keeps the best weights so far in an epoch's folder, so that it is whole without the epochs that follow. */
  async #keepBest(folder: string): Promise<BestSums> {
    const kept: BestSums = {};
    for (const kind of bestKinds) {
      const sum = this.#bestSums[kind];
      if (sum === undefined) continue;
      try {
        await linkOrCopy(this.#bestPath(kind), join(folder, fileOf(kind)));
      } catch (error) {
        // The user may have taken it away: it is missed when the run goes on.
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        continue;
      }
      kept[kind] = sum;
    }
    return kept;
  }

  readonly #bestPath = (kind: BestKind) => join(this.#folder, fileOf(kind));

  /** Lets `best` be what the checkpoint says that it is, from wherever that is still whole. */
  async #findBest(
    folder: string,
    { best, epoch, history, files }: CheckpointState,
    metric: string,
    onWarning: (message: string) => void,
  ): Promise<CheckpointState['best']> {
    this.#bestSums = {};
    if (best === null) return null;
    const kinds = bestKinds.filter(kind => files[ownFile[kind]] !== undefined);
    for (const kind of kinds) {
      const own = fileOf(ownFile[kind]);
      const path = this.#bestPath(kind);
      const isOwn = best.epoch === epoch;
      const candidates = isOwn
        ? [join(folder, own)]
        : [path, join(folder, fileOf(kind)), join(this.#folder, epochName(best.epoch), own)];
      const expected = isOwn ? files[ownFile[kind]] : files[kind];
      const sum = await restoreBest(path, candidates, best, expected);
      if (sum !== undefined) this.#bestSums[kind] = sum;
    }
    const lost = kinds.filter(kind => this.#bestSums[kind] === undefined);
    if (lost.length === 0) return best;
    for (const kind of lost) await replace(this.#bestPath(kind), `${this.#bestPath(kind)}.damaged`);
    const words = `${lost.map(fileOf).join(' and ')} of epoch ${best.epoch}, the best one, can’t be read any more`;
    if (!lost.includes(isOfAverage(metric) ? 'best-ema' : 'best')) {
      onWarning(words);
      return best;
    }
    const value = history.at(-1)?.metrics[metric] ?? null;
    if (value === null) {
      onWarning(`${words}: the best of the epochs from now on takes its place`);
      return null;
    }
    await this.#name(folder, true, kinds.length > 1);
    this.#bestSums = { best: files.weights, ...(files.ema === undefined ? {} : { 'best-ema': files.ema }) };
    onWarning(`${words}: epoch ${epoch} takes its place`);
    return { epoch, value };
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
    return sorted(await this.#names(), epochFolder);
  }

  async #prune(): Promise<void> {
    const names = await this.#names();
    const stale = [epochFolder, damagedFolder].flatMap(kind => sorted(names, kind).slice(0, -epochsKept));
    const unfinished = names.filter(name => name.endsWith('.tmp'));
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

/** Names of folders of this kind, in the order of their epochs. */
function sorted(names: readonly string[], kind: RegExp): string[] {
  const number = (name: string) => Number(kind.exec(name)![1]);
  return names.filter(name => kind.test(name)).sort((a, b) => number(a) - number(b));
}

/** Renames what may be there, in place of what is there under the other name. */
async function replace(from: string, to: string): Promise<void> {
  try {
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw unwritable(from, error);
  }
}

async function writeSummed(path: string, parts: readonly Uint8Array[]): Promise<string> {
  await writeDurably(path, parts);
  return sha256(parts);
}

async function readCheckpoint(folder: string): Promise<Checkpoint & { state: CheckpointState }> {
  const text = await readFile(join(folder, stateFile), 'utf8');
  const state = checkedJson<CheckpointState>(text, checkpointState, stateFile);
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
