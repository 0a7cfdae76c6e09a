import type { ComponentChildren } from 'preact';
import { rankText } from '../../../leaderboard/rank-text.js';
import type { LeaderboardRow } from '../../../leaderboard/row.js';
import { shortId } from '../../../text/names.js';
import { formatCount, formatFixed, formatMean, missing } from '../../../text/numbers.js';
import { formatShortDuration } from '../../../text/times.js';
import type { LeaderboardAnswer } from '../../wire.js';
import { CellLink, shortAxis } from '../shown/labels.js';
import { StateMark } from '../shown/state.js';

export interface Column {
  key: string;
  title: string;
  /** Of a CSS grid. */
  width: string;
  align?: 'right';
  /** What the server sorts by. */
  sortKey?: string;
  text?(row: LeaderboardRow): string;
  show?(row: LeaderboardRow): ComponentChildren;
}

/** As the terminal's table has them, in the same digits. */
export function columnsOf(
  { blocks, differing, rows }: LeaderboardAnswer,
  axes: readonly string[],
  isFull: boolean,
): Column[] {
  const shown = isFull ? axes : axes.filter(axis => differing.includes(axis));
  return [
    { key: 'compare', title: '', width: '1.8rem' },
    {
      ...{ key: 'rank', title: 'rank', width: '4.5rem', align: 'right', sortKey: 'rank' },
      text: rankText,
    },
    ...(blocks.length > 1 ? [trainedFor] : []),
    {
      ...{ key: 'cell', title: 'cell', width: '6.5rem' },
      text: row => row.cells.map(shortId).join(' '),
      show: row => <CellLink cell={row.cells[0]!} />,
    },
    {
      ...{ key: 'value', title: 'value', width: '9.5rem', align: 'right', sortKey: 'value' },
      text: row => {
        const mean = formatMean(row.value, row.std);
        return row.value !== null && row.seedsFailed > 0 ? `(${mean})` : mean;
      },
      show: row => (
        <b>
          {row.value !== null && row.seedsFailed > 0
            ? `(${formatMean(row.value, row.std)})`
            : formatMean(row.value, row.std)}
        </b>
      ),
    },
    {
      ...{ key: 'n', title: 'n', width: '3rem', align: 'right', sortKey: 'seeds' },
      text: row => (row.seeds === row.seedsAsked ? `${row.seeds}` : `${row.seeds}/${row.seedsAsked}`),
    },
    ...shown.map(
      (axis): Column => ({
        ...{ key: axis, title: shortAxis(axis, axes), width: 'minmax(5rem, 1fr)', sortKey: `labels.${axis}` },
        text: row => row.labels[axis] ?? missing,
      }),
    ),
    {
      ...{ key: 'best epoch', title: 'best epoch', width: '5.5rem', align: 'right', sortKey: 'bestEpoch' },
      text: row => `${formatCount(row.bestEpoch)}/${row.epochs}`,
    },
    {
      ...{ key: 'last', title: 'last', width: '4.5rem', align: 'right', sortKey: 'lastValue' },
      text: row => formatFixed(row.lastValue),
    },
    {
      ...{ key: 'gap', title: 'gap', width: '5.5rem', align: 'right' },
      text: row =>
        formatFixed(row.trainValue === null || row.value === null ? null : row.trainValue - row.value),
    },
    ...(rows.some(({ overfitSince }) => overfitSince !== null) ? [overfits] : []),
    {
      ...{ key: 'time', title: 'time', width: '4.5rem', align: 'right', sortKey: 'seconds' },
      text: row => formatShortDuration(row.seconds),
    },
    {
      ...{ key: 'state', title: 'rests on', width: 'minmax(9rem, 1.4fr)' },
      text: row => row.restsOn,
      show: row => (
        <>
          {row.isWhole ? null : <StateMark state={row.state} />} {row.restsOn}
        </>
      ),
    },
    ...(rows.some(({ note }) => note !== null) ? [ofNote] : []),
  ];
}

/** Ranks of rows that were trained unequally long are of different rankings. */
const trainedFor: Column = {
  ...{ key: 'budget', title: 'trained', width: 'minmax(6.5rem, 1fr)' },
  text: row => row.budget ?? 'not done',
};

const overfits: Column = {
  ...{ key: 'overfits', title: 'overfits', width: '6.5rem' },
  text: row => (row.overfitSince === null ? '' : `from epoch ${row.overfitSince}`),
};

const ofNote: Column = {
  ...{ key: 'note', title: 'note', width: 'minmax(6rem, 1fr)' },
  text: row => row.note ?? '',
};
