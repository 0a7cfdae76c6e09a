/** Digests and news in words, the same for every place that they are told in. */
import { reasonOf } from '../domain/failure-words.js';
import { stateTable } from '../domain/run-state.js';
import { rankInterval } from '../leaderboard/rank-text.js';
import type { LeaderboardRow } from '../leaderboard/row.js';
import { cellName, shortId, slotName } from '../text/names.js';
import { formatFixed, formatMean } from '../text/numbers.js';
import { textTable } from '../text/table.js';
import { clockTime } from '../text/times.js';
import type { Digest } from './digest.js';
import type { News } from './news.js';
import type { Action, Message } from './sender.js';

/** More running cells, or slots in trouble, than these are counted. */
const shownCells = 12;
const mega = 1024 ** 2;

/** The end is told as a time of day, rounded, so that it stays the same from one look to the next. */
const roundMs = 300_000;

export function digestMessage(digest: Digest, nowMs: number): Message {
  const { grid, counts, running, slots } = digest;
  const left = counts.queued + counts.interrupted + counts.paused;
  const troubled = slots.filter(({ state }) => state === 'benched' || state === 'waiting');
  const lines = [
    [
      `${counts.completed} done`,
      `${counts.running} running`,
      counts.failed > 0 && `${counts.failed} failed`,
      counts.stopped > 0 && `${counts.stopped} stopped`,
      `${left} left`,
    ]
      .filter(part => part !== false)
      .join(' · '),
    ...endLine(digest, nowMs),
    ...shown(running, ({ cell, labels, slot, epoch, epochs, now, best }) =>
      [
        `▸ ${cellName(cell, labels)}: epoch ${epoch}/${epochs}`,
        now !== null && `${formatFixed(now)} (best ${formatFixed(best)})`,
        slotName(slot),
      ]
        .filter(part => part !== false)
        .join(' · '),
    ),
    ...shown(troubled, ({ slotId, state, reason }) => `⚠ ${slotName(slotId)} ${state}: ${reason ?? ''}`),
    ...(slots.length === 0 ? [] : [slotsLine(digest)]),
  ];
  const table = boardTable(digest.top);
  return { title: grid, lines, ...(table.length > 0 && { table }) };
}

/** What one may want to do with a grid as it is. */
export function actionsOf({ runner, counts }: Digest): Action[] {
  const isLeft = counts.queued + counts.running + counts.interrupted > 0;
  return [
    ...(runner?.isAlive && isLeft ? [{ label: '⏸ pause', command: '/pause' }] : []),
    ...(counts.paused > 0 ? [{ label: '▶ resume', command: '/resume' }] : []),
    { label: 'leaderboard', command: '/leaderboard' },
  ];
}

/** And with a cell that has failed. */
export const failureActions = (cell: string): Action[] => [
  { label: 'retry', command: `/retry ${shortId(cell)}` },
  { label: 'cancel', command: `/cancel ${shortId(cell)}` },
  { label: 'curves', command: `/cell ${shortId(cell)}` },
];

function slotsLine({ slots }: Digest): string {
  const busy = slots.filter(({ isBusy }) => isBusy).length;
  return `slots: ${busy} of ${slots.length} at work`;
}

function endLine({ runner, secondsLeft }: Digest, nowMs: number): string[] {
  if (runner === null) return ['has not been run yet'];
  if (!runner.isAlive)
    return [
      runner.endedMs === null
        ? `${runner.holder} is gone`
        : `nothing runs since ${clockTime(runner.endedMs)}`,
    ];
  if (runner.stopping !== null) return ['stopping'];
  if (secondsLeft === null) return [];
  return [`done about ${clockTime(Math.ceil((nowMs + secondsLeft * 1000) / roundMs) * roundMs)}`];
}

function shown<T>(all: readonly T[], line: (each: T) => string): string[] {
  const lines = all.slice(0, shownCells).map(line);
  return all.length > shownCells ? [...lines, `… and ${all.length - shownCells} more`] : lines;
}

/** The first rows of a leaderboard; none where nothing has a value. */
export function boardTable(rows: readonly LeaderboardRow[]): string[] {
  const valued = rows.filter(({ value }) => value !== null);
  if (valued.length === 0) return [];
  return textTable([
    {
      title: '#',
      cells: valued.map(row => (row.budget === valued[0]!.budget ? rankInterval(row) : '')),
      align: 'right',
    },
    { title: 'value', cells: valued.map(({ value, std }) => formatMean(value, std)), align: 'right' },
    { title: 'cell', cells: valued.map(({ cells, labels }) => cellName(cells[0]!, labels)) },
  ]);
}

/** @param log last lines of the log of a cell that failed */
export function newsMessage(grid: string, news: News, digest: Digest, log: readonly string[]): Message {
  const title = (words: string) => `${grid}: ${words}`;
  switch (news.kind) {
    case 'newBest': {
      const by = news.gain === null ? '' : `, better by ${formatFixed(news.gain)}`;
      return {
        title: title(`new best ${formatFixed(news.value)}${by}`),
        lines: [
          `${shortId(news.cell)} ${cellName(news.cell, news.labels)}`,
          `${digest.objective.metric}, epoch ${news.epoch}`,
        ],
      };
    }
    case 'cellFailed':
      return {
        title: title(`a cell failed: ${news.failure}`),
        lines: [`${shortId(news.cell)} ${cellName(news.cell, news.labels)}`, reasonOf(news.message)],
        ...(log.length > 0 && { table: log }),
      };
    case 'cellsFailed':
      return {
        title: title(`${news.count} cells failed`),
        lines: Object.entries(news.classes).map(([failure, count]) => `${count} × ${failure}`),
      };
    case 'slotLost':
      return { title: title(`slot ${slotName(news.slotId)} is gone`), lines: [] };
    case 'slotBenched':
      return {
        title: title(`slot ${slotName(news.slotId)} is out of use`),
        lines: news.reason === null ? [] : [news.reason],
      };
    case 'diskNearlyFull':
      return {
        title: title('the disk is nearly full'),
        lines: [`${Math.floor(news.freeBytes / mega)} MB are left where the results are`],
      };
    case 'runnerSilent':
      return {
        title: title('its runner is gone'),
        lines: [`${news.holder} ended without a word; \`grid run\` goes on from the last epochs`],
      };
    case 'gridFinished':
      return ended(title('finished'), digest);
    case 'gridStopped':
      return ended(title(`stopped, ${news.left} cell${news.left === 1 ? '' : 's'} left`), digest);
  }
}

function ended(title: string, { counts, top }: Digest): Message {
  const table = boardTable(top);
  const failed = Object.entries(counts).filter(([, count]) => count > 0);
  const lines = [
    failed
      .map(([state, count]) => `${count} ${stateTable[state as keyof typeof counts].shownAs}`)
      .join(' · '),
  ];
  return { title, lines, ...(table.length > 0 && { table }) };
}
