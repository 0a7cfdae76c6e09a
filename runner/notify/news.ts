/** What is worth a message of its own: what a digest says that has not been told yet. Pure functions. */
import type { FailureClass } from '../domain/run.js';
import { runStates, stateTable } from '../domain/run-state.js';
import type { Labels } from '../domain/stored.js';
import type { Digest } from './digest.js';

/** Results need some, and so does the system. */
const lowBytes = 2 * 1024 ** 3;
/** Told again once there was so much in between. */
const roomyBytes = 2 * lowBytes;
/** More failures at once are one message. */
const mostFailures = 3;

export type News =
  | {
      kind: 'newBest';
      cell: string;
      labels: Labels;
      value: number;
      epoch: number;
      /** By how much it is better than the one before; null: it is the first. */
      gain: number | null;
    }
  | { kind: 'cellFailed'; cell: string; labels: Labels; failure: FailureClass; message: string }
  | { kind: 'cellsFailed'; count: number; classes: Readonly<Record<string, number>> }
  | { kind: 'slotLost' | 'slotBenched'; slotId: string; reason: string | null }
  | { kind: 'diskNearlyFull'; freeBytes: number }
  /** Its runner is gone without a word: killed, or its machine is. */
  | { kind: 'runnerSilent'; holder: string }
  | { kind: 'gridFinished' }
  /** Its runner has ended, and cells are left. */
  | { kind: 'gridStopped'; left: number };

/** What has been told of a grid; it outlives the process. */
export interface Told {
  best: number | null;
  /** By cellId: the attempt that failed. */
  failed: Readonly<Record<string, number>>;
  /** Of the runner that began then. */
  runnerMs: number | null;
  slots: Readonly<Record<string, boolean>>;
  isLow: boolean;
  /** The end of the runner was told. */
  isOver: boolean;
}

/** Nothing that the digest says is news. */
export const knowing = (digest: Digest): Told => ({
  best: digest.best?.value ?? null,
  failed: attemptsOf(digest),
  runnerMs: digest.runner?.startedMs ?? null,
  slots: usableOf(digest),
  isLow: isLow(digest, false),
  isOver: digest.runner === null || !digest.runner.isAlive,
});

/** @returns what is to be told, in order, and what has been told then */
export function newsOf(before: Told, digest: Digest): { news: News[]; told: Told } {
  const { runner, best } = digest;
  const isSameRunner = runner !== null && runner.startedMs === before.runnerMs;
  const bestNews = bestOf(before, digest);
  const isOver = runner === null || !runner.isAlive;
  const news: News[] = [
    ...failures(before, digest),
    ...bestNews,
    ...(isSameRunner && !isOver ? slotsOf(before, digest) : []),
  ];
  if (isLow(digest, before.isLow) && !before.isLow)
    news.push({ kind: 'diskNearlyFull', freeBytes: digest.freeBytes ?? 0 });
  if (runner !== null && isOver && !(isSameRunner && before.isOver)) news.push(endOf(digest));
  const told: Told = {
    ...knowing(digest),
    best: bestNews.length > 0 ? best!.value : before.best,
    isLow: isLow(digest, before.isLow),
    isOver,
  };
  return { news, told };
}

/** A cell that is still running may get better with every epoch: it is told of once it is over. */
function bestOf(before: Told, { best, objective, running }: Digest): News[] {
  if (best === null || running.some(({ cell }) => cell === best.cellId)) return [];
  const sign = objective.direction === 'maximize' ? 1 : -1;
  const gain = before.best === null ? null : sign * (best.value - before.best);
  if (gain !== null && gain <= 0) return [];
  const { cellId: cell, labels, value, epoch } = best;
  return [{ kind: 'newBest', cell, labels, value, epoch, gain }];
}

function failures(before: Told, { failed }: Digest): News[] {
  const fresh = failed.filter(({ cell, attempts }) => before.failed[cell] !== attempts);
  if (fresh.length <= mostFailures)
    return fresh.map(({ attempts: _, ...cell }) => ({ kind: 'cellFailed', ...cell }));
  const classes: Record<string, number> = {};
  for (const { failure } of fresh) classes[failure] = (classes[failure] ?? 0) + 1;
  return [{ kind: 'cellsFailed', count: fresh.length, classes }];
}

function slotsOf(before: Told, { slots }: Digest): News[] {
  const usable = usableOf({ slots });
  const news: News[] = [];
  for (const [slotId, wasUsable] of Object.entries(before.slots)) {
    if (!wasUsable || usable[slotId]) continue;
    const slot = slots.find(each => each.slotId === slotId);
    if (slot === undefined) news.push({ kind: 'slotLost', slotId, reason: null });
    else if (slot.state === 'benched') news.push({ kind: 'slotBenched', slotId, reason: slot.reason });
  }
  return news;
}

function endOf({ runner, counts }: Digest): News {
  if (runner!.endedMs === null) return { kind: 'runnerSilent', holder: runner!.holder };
  const left = runStates.reduce((sum, state) => sum + (stateTable[state].over ? 0 : counts[state]), 0);
  return left === 0 ? { kind: 'gridFinished' } : { kind: 'gridStopped', left };
}

const attemptsOf = ({ failed }: Digest) =>
  Object.fromEntries(failed.map(({ cell, attempts }) => [cell, attempts]));

/** Of each slot that there is, whether it takes cells; one that the user has drained is none that is lost. */
const usableOf = ({ slots }: Pick<Digest, 'slots'>) =>
  Object.fromEntries(
    slots
      .filter(({ state }) => state !== 'draining' && state !== 'drained')
      .map(({ slotId, state }) => [slotId, state !== 'benched']),
  );

const isLow = ({ freeBytes }: Digest, wasLow: boolean) =>
  freeBytes !== null && freeBytes < (wasLow ? roomyBytes : lowBytes);
