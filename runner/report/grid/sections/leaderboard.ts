import { rankInterval } from '../../../leaderboard/rank-text.js';
import { formatCount, formatFixed, formatMean } from '../../../text/numbers.js';
import { formatShortDuration } from '../../../text/times.js';
import { number, type ReportSection, text } from '../blocks.js';
import type { ReportReading } from '../read-report.js';

const mostRows = 500;

/** Every setting, to be filtered and ordered. */
export function leaderboardSection({ board }: ReportReading): ReportSection {
  const { rows, objective } = board;
  const axes = [...new Set(rows.flatMap(({ labels }) => Object.keys(labels)))];
  const shown = rows.slice(0, mostRows);
  if (rows.length === 0)
    return { id: 'leaderboard', title: 'Leaderboard', blocks: [text('There are no rows.')] };
  return {
    id: 'leaderboard',
    title: 'Leaderboard',
    blocks: [
      {
        type: 'table',
        caption: `${objective.metric} at the best epoch, mean ± standard deviation over seeds${rows.length > mostRows ? `; the first ${mostRows} of ${rows.length} rows` : ''}. A rank is an interval: 95% confidence for all rows at once, each within the rows of its own number of epochs.`,
        isInteractive: true,
        columns: [
          { name: 'rank', isNumber: true },
          ...axes.map(name => ({ name })),
          { name: objective.metric, isNumber: true },
          { name: 'best epoch', isNumber: true },
          { name: 'training', isNumber: true },
          { name: 'overfits from', isNumber: true },
          { name: 'time', isNumber: true },
          { name: 'rests on' },
          { name: 'note' },
        ],
        rows: shown.map(row => [
          { text: rankInterval(row), order: row.rank },
          ...axes.map(axis => {
            const label = row.labels[axis] ?? '–';
            return {
              text: label,
              order: label.trim() !== '' && Number.isFinite(Number(label)) ? Number(label) : null,
            };
          }),
          { text: formatMean(row.value, row.std), order: row.value },
          number(row.bestEpoch, formatCount),
          number(row.trainValue, formatFixed),
          number(row.overfitSince, String),
          number(row.seconds, formatShortDuration),
          row.restsOn,
          row.note ?? '',
        ]),
      },
    ],
  };
}
