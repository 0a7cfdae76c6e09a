import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import type { ArtifactPort } from '../../trainer-client/artifacts.js';
import { hashOfPieces } from '../../trainer-client/hash-pieces.js';
import { writeWhole } from '../../trainer-client/write-whole.js';
import type { FileOffer, GivenRun } from '../messages.js';
import type { Api } from './api.js';
import type { WeightsStore } from './weights-store.js';

const mostTries = 20;

/**
 * Puts what a run goes on from into the cell's folder. A checkpoint that this machine's own last run of the cell left there, and that is
 * newer, stays; what can't be gone on from is set aside.
 *
 * @param lastAttempt of the run that this machine had of the cell; null: none
 */
export async function bringFiles(
  run: GivenRun,
  { artifacts, root, lastAttempt }: { artifacts: ArtifactPort; root: string; lastAttempt: number | null },
  { api, session, signal }: { api: Api; session(): Promise<string>; signal: AbortSignal },
): Promise<void> {
  const own = await artifacts.list();
  const isOwn = !run.anew && lastAttempt === run.attempt - 1 && isSameCell(root, run.spec);
  if (isOwn && newest(own) > newest(run.files)) return;
  if (own.length > 0 && !(await isThere(run.files, artifacts, own))) {
    let count = 1;
    while (existsSync(`${root}.before-${count}`)) count++;
    await rename(root, `${root}.before-${count}`);
    await mkdir(root);
  }
  for (const file of run.files) await bring(file);

  async function bring({ name, sha256 }: FileOffer): Promise<void> {
    for (let tries = 1; ; tries++) {
      const found = (await artifacts.list()).some(each => each.name === name);
      if (found && (await hashOfPieces(artifacts.read(name))) === sha256) return;
      try {
        const path = `/v1/runs/${run.ref}/files/${sha256}?session=${await session()}`;
        await artifacts.write(name, await api.fileAt(path, signal), sha256);
        return;
      } catch (error) {
        // Cut off in the middle.
        if (signal.aborted || tries >= mostTries) throw error;
        await sleep(Math.min(tries * 1000, 10_000), undefined, { signal });
      }
    }
  }
}

/** The weights that a run begins with, kept by their hash. */
export async function bringWeights(
  run: GivenRun,
  weights: WeightsStore,
  { api, session, signal }: { api: Api; session(): Promise<string>; signal: AbortSignal },
): Promise<string | null> {
  const { init } = run.spec;
  if (init === null) return null;
  const path = weights.place(init.hash);
  if (!existsSync(path)) {
    const content: Uint8Array[] = [];
    const from = `/v1/runs/${run.ref}/init?session=${await session()}`;
    for await (const piece of await api.fileAt(from, signal)) content.push(piece);
    await weights.makeRoom(content.reduce((sum, { length }) => sum + length, 0));
    await writeWhole(path, asStream(content), await hashOfPieces(asStream(content)));
  }
  weights.use(path);
  return path;
}

async function* asStream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void> {
  yield* pieces;
}

/** Number of the newest epoch with a checkpoint. */
function newest(files: readonly { name: string }[]): number {
  const epochs = files.map(({ name }) =>
    Number(/^checkpoints\/epoch-(\d+)\/state\.json$/.exec(name)?.[1] ?? 0),
  );
  return Math.max(0, ...epochs);
}

/** What the cell was trained with here, places aside. */
function isSameCell(root: string, spec: RunSpec): boolean {
  try {
    const before = JSON.parse(readFileSync(join(root, 'run-spec.json'), 'utf8')) as RunSpec;
    return isDeepStrictEqual(withoutPlaces(before), withoutPlaces(spec));
  } catch {
    return false;
  }
}

const withoutPlaces = ({ data, init, ...spec }: RunSpec) => ({
  ...spec,
  data: { ...data, root: '' },
  init: init && { ...init, from: '' },
});

/** All files that are given lie there, and nothing else of a trainer's. */
async function isThere(
  files: readonly FileOffer[],
  artifacts: ArtifactPort,
  own: readonly { name: string }[],
): Promise<boolean> {
  const hashes = new Map(files.map(({ name, sha256 }) => [name, sha256]));
  for (const { name } of own)
    if (hashes.get(name) !== (await hashOfPieces(artifacts.read(name)).catch(() => ''))) return false;
  return true;
}
