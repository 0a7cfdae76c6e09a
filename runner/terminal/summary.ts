/** The end of a `grid run`. */

import { describeFailure, reasonOf } from '../domain/failure-words.js';
import type { Plan } from '../domain/plan.js';
import type { RunSummary } from '../domain/scheduler-event.js';
import type { GridRecord, StoredResult } from '../domain/stored.js';
import { readLeaderboard } from '../leaderboard/leaderboard.js';
import { renderText } from '../leaderboard/render.js';
import type { StoreReader } from '../store/run-store.js';
import { cellName, shortId, slotName } from '../text/names.js';
import { clockTime } from '../text/times.js';
import { warningLines } from './warning-lines.js';

const topRows = 5;
const shownFailures = 5;

/** 0 all done, 1 some failed (now or before) or can't go on as they are stale, 130 stopped by a signal with something left. */
export function exitCodeOfRun(result: RunSummary, plan: Plan): number {
  const left = result.interrupted + result.notRun;
  if ((result.stopped === 'drain' || result.stopped === 'kill') && left > 0) return 130;
  return result.failed + plan.counts.failed + left + unfinishedLeft(plan) > 0 ? 1 : 0;
}

export interface EndOptions {
  store: StoreReader;
  record: GridRecord;
  result: RunSummary;
  plan: Plan;
  /** The results folder, as the user named it. */
  results: string;
  width: number | undefined;
}

/** What was done, what failed, how it goes on, and the best rows. */
export function describeEnd({ store, record, result, plan, results, width }: EndOptions): string {
  const failed = store.storedCells(record.name).filter(({ present, state }) => present && state === 'failed');
  const lines = [
    '',
    countsLine(result, plan),
    ...failureLines(failed),
    ...warningLines(store.warningsOf(record.name)),
    ...advice(result, plan, failed.length),
  ];
  const board = readLeaderboard(store, { grid: record.name, top: topRows });
  if (board.rows.some(({ value }) => value !== null)) lines.push('', renderText(board, { width }).trimEnd());
  lines.push('', `Results are in ${results}: grid leaderboard --grid ${quoted(record.name)}, grid show CELL`);
  return lines.join('\n');
}

function countsLine({ completed, failed, interrupted, notRun }: RunSummary, plan: Plan): string {
  const { counts } = plan;
  const stale = staleLeft(plan);
  const parts = [
    `${completed} completed`,
    failed > 0 && `${failed} failed`,
    interrupted > 0 && `${interrupted} interrupted`,
    notRun > 0 && `${notRun} not run`,
    counts.completed > 0 && `${counts.completed} completed before`,
    counts.running > 0 && `${counts.running} being run by another process`,
    stale > 0 && `${stale} stale`,
  ];
  return parts.filter(part => part !== false).join(', ');
}

function failureLines(failed: readonly StoredResult[]): string[] {
  const lines = failed.slice(0, shownFailures).map(({ cellId, labels, failure }) => {
    const why = failure === undefined ? 'failed' : describeFailure(failure);
    return `  ${shortId(cellId)} ${cellName(cellId, labels)}: ${why}`;
  });
  return failed.length > shownFailures ? [...lines, `  … and ${failed.length - shownFailures} more`] : lines;
}

function advice(
  { stopped, interrupted, notRun, benched = [] }: RunSummary,
  plan: Plan,
  failed: number,
): string[] {
  const lines = benched.map(
    ({ slotId, sinceMs, reason }) =>
      `${slotName(slotId)} is out of use since ${clockTime(sinceMs)}: ${reasonOf(reason)}`,
  );
  if (stopped === 'allSlotsBenched')
    lines.push('Stopped: no slot is left; `grid doctor` checks this machine.');
  if (interrupted + notRun > 0) lines.push('The same command goes on where it stopped.');
  if (failed > 0)
    lines.push('`grid logs CELL` shows why; `grid retry --failed` queues the failed cells again.');
  if (staleLeft(plan) > 0)
    lines.push('`grid plan` says why cells are stale; --rerun-stale trains them again.');
  const unfinished = unfinishedLeft(plan);
  if (unfinished > 0)
    lines.push(
      `${unfinished} of them ${unfinished === 1 ? 'is' : 'are'} unfinished and can’t go on: what they rest on has changed.`,
    );
  return lines;
}

/** Stale cells that were left as they are. */
const staleLeft = ({ cells }: Plan) =>
  cells.filter(({ status, action }) => status.state === 'stale' && action === 'skip').length;

/** Those of them that never came to a result. */
const unfinishedLeft = ({ cells }: Plan) =>
  cells.filter(({ status, action }) => status.state === 'stale' && status.unfinished && action === 'skip')
    .length;

const quoted = (name: string) => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name));
