/** The end of a `grid run`. */

import { describeFailure, reasonOf } from '../domain/failure-words.js';
import { type Plan, type PlannedCell, planStates } from '../domain/plan.js';
import { hasFailed, stateTable } from '../domain/run-state.js';
import { countWhere, type RunSummary } from '../domain/scheduler-event.js';
import type { GridStatus } from '../readings/status.js';
import { cellName, plain, shortId, slotName } from '../text/names.js';
import { clockTime } from '../text/times.js';
import { warningLines } from './warning-lines.js';

const shownFailures = 5;

/** 0 all done, 1 some failed (now or before) or can't go on as they are stale, 130 stopped by a signal with something left. */
export function exitCodeOfRun(result: RunSummary, plan: Plan): number {
  const left = countWhere(result, state => stateTable[state].countsAsLeft && !hasFailed(state));
  if ((result.stopped === 'drain' || result.stopped === 'kill') && left > 0) return 130;
  const failed = countWhere(result, hasFailed) + plan.cells.filter(isLeftFailed).length;
  return failed + left + unfinishedLeft(plan) > 0 ? 1 : 0;
}

export interface EndOptions {
  /** Of the grid, now. */
  status: GridStatus;
  result: RunSummary;
  plan: Plan;
  /** The results folder, as the user named it. */
  results: string;
  /** The best rows of the leaderboard; empty: there are none yet. */
  best: string;
}

/** What was done, what failed, how it goes on, and the best rows. */
export function describeEnd({ status, result, plan, results, best }: EndOptions): string {
  const { grid, failed, warnings } = status;
  return [
    '',
    countsLine(result, plan),
    ...failureLines(failed),
    ...warningLines(warnings),
    ...advice(result, plan, failed.length),
    ...(best === '' ? [] : ['', best.trimEnd()]),
    '',
    `Results are in ${results}: grid leaderboard --grid ${quoted(grid)}, grid show CELL`,
  ].join('\n');
}

function countsLine(
  { completed, failed, interrupted, paused = 0, cancelled = 0, stoppedEarly = 0, notRun }: RunSummary,
  plan: Plan,
): string {
  const { counts } = plan;
  const stale = staleLeft(plan);
  const others = plan.cells.filter(({ otherShard }) => otherShard !== undefined).length;
  const parts = [
    `${completed} completed`,
    failed > 0 && `${failed} failed`,
    interrupted > 0 && `${interrupted} interrupted`,
    paused > 0 && `${paused} paused`,
    cancelled > 0 && `${cancelled} stopped`,
    stoppedEarly > 0 && `${stoppedEarly} stopped early`,
    notRun > 0 && `${notRun} not run`,
    counts.completed > 0 && `${counts.completed} completed before`,
    counts.running > 0 && `${counts.running} being run by another process`,
    stale > 0 && `${stale} stale`,
    others > 0 && `${others} in other shards`,
  ];
  return parts.filter(part => part !== false).join(', ');
}

function failureLines(failed: GridStatus['failed']): string[] {
  const lines = failed
    .slice(0, shownFailures)
    .map(
      ({ cell, labels, failure, message }) =>
        `  ${shortId(cell)} ${cellName(cell, labels)}: ${describeFailure({ class: failure, message })}`,
    );
  return failed.length > shownFailures ? [...lines, `  … and ${failed.length - shownFailures} more`] : lines;
}

function advice(
  { stopped, interrupted, notRun, paused = 0, benched = [], broken = [] }: RunSummary,
  plan: Plan,
  failed: number,
): string[] {
  const lines = benched.map(
    ({ slotId, sinceMs, reason }) =>
      `${slotName(slotId)} is out of use since ${clockTime(sinceMs)}: ${reasonOf(reason)}`,
  );
  for (const values of broken)
    lines.push(
      `Cells with ${plain(values)} were left: several came to NaN, none to a result. \`grid retry --failed\` lets them be tried again.`,
    );
  if (stopped === 'limit') lines.push('Stopped: what --max-hours, --deadline or --budget allows is used up.');
  if (stopped === 'noSlotLeft') lines.push('Stopped: no slot is left; `grid doctor` checks this machine.');
  if (stopped === 'gridLost')
    lines.push('Stopped: this process was away for too long, and another runner has taken the grid.');
  if (paused > 0) lines.push('`grid resume` puts paused cells back into the queue.');
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

/** Failed before, and left so. */
const isLeftFailed = ({ status, action, otherShard }: PlannedCell) =>
  action === 'skip' && otherShard === undefined && planStates[status.state].starts === 'onRetry';

/** Stale cells that were left as they are. */
const staleLeft = ({ cells }: Plan) => cells.filter(isLeftStale).length;

/** Those of them that never came to a result. */
const unfinishedLeft = ({ cells }: Plan) =>
  cells.filter(cell => isLeftStale(cell) && 'unfinished' in cell.status && cell.status.unfinished).length;

const isLeftStale = ({ status, action, otherShard }: PlannedCell) =>
  status.state === 'stale' && action === 'skip' && otherShard === undefined;

const quoted = (name: string) => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name));
