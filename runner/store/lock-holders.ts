/** Who holds which grid, and whether they are still there. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeHolder, type LockHolder } from '../../trainer/files/lock-content.js';
import { doubt, removeAbandoned } from '../../trainer/files/lock-file.js';
import { type LockState, LockWatch, silenceMs } from '../../trainer/files/lock-watch.js';
import type { ResultsPaths } from './run-paths.js';
import { ownerOf } from './sqlite/leases.js';
import { StoreError } from './store-error.js';

const pollMs = 50;

/** A reader only shows what it finds: it watches for as long as a holder's sign may take, and not for its silence. */
export const readerPatienceMs = 6_000;

/** What is known of a holder comes of watching its lock. */
const watches = new Map<string, LockWatch>();

export function watchOf(lockFile: string): LockWatch {
  const watch = watches.get(lockFile) ?? new LockWatch(lockFile);
  watches.set(lockFile, watch);
  return watch;
}

type Found = LockState & { path: string };
type Held = Extract<Found, { state: 'held' }>;

const isHeld = (found: Found): found is Held => found.state === 'held';

function lookAtLocks({ locks }: ResultsPaths, patienceMs: number): Found[] {
  let files: string[];
  try {
    files = readdirSync(locks).filter(file => /\.(json|lock)$/.test(file));
  } catch {
    return [];
  }
  return files.map(file => {
    const path = join(locks, file);
    return { path, ...watchOf(path).look(patienceMs) };
  });
}

/** Grids' locks whose holders are there, or may be: of those that can't be looked for is known what `settleHolders` found out. */
export const liveHolders = (paths: ResultsPaths, patienceMs = silenceMs): Held[] =>
  lookAtLocks(paths, patienceMs)
    .filter(isHeld)
    .filter(({ path }) => path !== paths.rebuildLock);

interface SettleOptions {
  patienceMs?: number;
  /** Told once of each that has to be watched. */
  onWait?: ((words: string) => void) | undefined;
}

/** Watches the holders of all locks until each has given a sign or was silent for so long. */
export async function settleHolders(
  paths: ResultsPaths,
  { patienceMs = silenceMs, onWait }: SettleOptions = {},
): Promise<void> {
  const said = new Set<string>();
  for (;;) {
    const doubtful = lookAtLocks(paths, patienceMs)
      .filter(isHeld)
      .filter(({ isSure }) => !isSure);
    if (doubtful.length === 0) return;
    for (const { path, holder } of doubtful) {
      if (!said.has(path)) onWait?.(`watching ${path} of ${describeHolder(holder)}${doubt(patienceMs)}`);
      said.add(path);
    }
    await sleep(pollMs);
  }
}

/** Removes the locks whose holders are gone, so that nobody has to watch them again. */
export async function removeAbandonedLocks(paths: ResultsPaths): Promise<void> {
  for (const found of lookAtLocks(paths, silenceMs))
    if (found.state === 'abandoned') await removeAbandoned(found.path, found.version);
}

/** `grid sweep is being run by process 12 on host since 2026-01-31T12:00:00.000Z (main.js run sweep.yaml)`. */
export function describeRunner(holder: LockHolder | undefined): string {
  const { grid = 'of unknown name', command } = (holder ?? {}) as { grid?: string; command?: string };
  return `grid ${grid} is being run by ${describeHolder(holder)}${command === undefined ? '' : ` (${command})`}`;
}

/** By who holds the rebuild lock: a merge does, too. */
export function beingRebuilt(paths: ResultsPaths, holder: LockHolder | undefined): StoreError {
  const { doing = 'rebuilt' } = (holder ?? {}) as { doing?: string };
  return new StoreError(
    'busy',
    `${paths.store}: is being ${doing} by ${describeHolder(holder)}; wait for it. Lock: ${paths.rebuildLock}`,
  );
}

/** @throws StoreError `busy` while another process rebuilds the store. */
export function refuseDuringRebuild(paths: ResultsPaths): void {
  const found = watchOf(paths.rebuildLock).look();
  if (found.state === 'held') throw beingRebuilt(paths, found.holder);
}

/** Whether a runner has a grid: it holds the lock, and is who is asked for. */
export const isRunnerAlive =
  (paths: ResultsPaths, grid: string) =>
  (owner: string): boolean => {
    const lock = paths.gridLock(grid);
    const found = watchOf(lock).look(readerPatienceMs);
    return found.state === 'held' && (found.holder === undefined || ownerOf(found.holder) === owner);
  };
