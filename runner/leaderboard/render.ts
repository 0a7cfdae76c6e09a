import { csvLine } from '../text/csv.js';
import { plain } from '../text/names.js';
import { formatCount, formatFixed, formatMean, missing } from '../text/numbers.js';
import { type Column, textTable } from '../text/table.js';
import { formatShortDuration } from '../text/times.js';
import type { Leaderboard, LeaderboardRow } from './row.js';

export interface RenderOptions {
  /** Columns of the terminal; without it nothing is cut. */
  width?: number | undefined;
}

/** For a terminal: a heading and a table, fitted to its width. */
export function renderText({ grid, objective, rows }: Leaderboard, { width }: RenderOptions = {}): string {
  const goal = objective.direction === 'maximize' ? 'highest' : 'lowest';
  const heading = `${plain(grid)}: ${goal} ${plain(objective.metric)}, the mean of each row's seeds at their best epochs`;
  if (rows.length === 0) return `${heading}\nno cells\n`;
  const lines = [heading, '', ...textTable(columns(rows), width)];
  const legend = Object.entries(marks).filter(([mark]) => rows.some(row => markOf(row) === mark));
  if (legend.length > 0) lines.push('', ...legend.map(([mark, words]) => `${mark} ${words}`));
  if (rows.some(isPartial))
    lines.push('( ) the mean of the others: seeds that ended without a value count as the worst');
  return `${lines.join('\n')}\n`;
}

const marks = {
  '*': 'unfinished: the value may still change',
  '!': 'rests on less than was asked for, or is stale: see the column "rests on"',
};

function markOf({ isWhole, seedsOpen }: LeaderboardRow): string {
  return seedsOpen > 0 ? '*' : isWhole ? ' ' : '!';
}

const isPartial = ({ value, seedsFailed }: LeaderboardRow) => value !== null && seedsFailed > 0;

/** A table of GitHub's Markdown. */
export function renderMarkdown({ rows }: Leaderboard): string {
  const shown = columns(rows);
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('\\', '\\\\').replaceAll('|', '\\|')).join(' | ')} |\n`;
  const rule = shown.map(column => (column.align === 'right' ? '---:' : '---'));
  const body = rows.map((_, i) => line(shown.map(column => column.cells[i]!)));
  return [line(shown.map(column => column.title)), line(rule), ...body].join('');
}

/** One line a row, numbers in full, axes as columns `labels.<axis>`. */
export function renderCsv({ rows }: Leaderboard): string {
  const axes = axesOf(rows);
  const header = [
    'rank',
    'cells',
    ...axes.map(axis => `labels.${axis}`),
    ...numbers,
    'state',
    'note',
    ...basis,
  ];
  const lines = rows.map(row =>
    csvLine([
      row.rank,
      row.cells.join(' '),
      ...axes.map(axis => row.labels[axis]),
      ...numbers.map(key => row[key]),
      row.state,
      row.note,
      ...basis.map(key => row[key]),
    ]),
  );
  return csvLine(header) + lines.join('');
}

const numbers = [
  'value',
  'std',
  'seeds',
  'bestEpoch',
  'epochs',
  'lastValue',
  'trainValue',
  'overfitSince',
  'seconds',
] as const;

const basis = ['seedsAsked', 'seedsFailed', 'seedsOpen', 'epochsAsked', 'restsOn'] as const;

/** The leaderboard as it is. */
export function renderJson(leaderboard: Leaderboard): string {
  return `${JSON.stringify(leaderboard)}\n`;
}

/** Axes that at least one row has a label on, in the order of their first appearance. */
function axesOf(rows: readonly LeaderboardRow[]): string[] {
  const axes = new Set<string>();
  for (const { labels } of rows) for (const axis in labels) axes.add(axis);
  return [...axes];
}

function columns(rows: readonly LeaderboardRow[]): Column[] {
  const column = (title: string, cell: (row: LeaderboardRow) => string, options: Partial<Column> = {}) => ({
    title,
    cells: rows.map(cell),
    align: 'right' as const,
    ...options,
  });
  return [
    column('rank', row => `${row.rank ?? missing}${markOf(row)}`),
    ...axesOf(rows).map(axis =>
      column(plain(axis), row => plain(row.labels[axis] ?? missing), { align: 'left', shrinksTo: 6 }),
    ),
    column('value', row => (isPartial(row) ? `(${meanText(row)})` : meanText(row))),
    column('n', row => (row.seeds === row.seedsAsked ? `${row.seeds}` : `${row.seeds}/${row.seedsAsked}`)),
    column('best epoch', row => `${formatCount(row.bestEpoch)}/${row.epochs}`, { dropOrder: 2 }),
    column('last', row => formatFixed(row.lastValue), { dropOrder: 3 }),
    column('gap', row => formatFixed(gapOf(row)), { dropOrder: 4 }),
    ...(rows.some(row => row.overfitSince !== null)
      ? [column('overfits', row => overfitText(row), { align: 'left', dropOrder: 4 })]
      : []),
    column('time', row => formatShortDuration(row.seconds), { dropOrder: 1 }),
    column('rests on', row => plain(row.restsOn), { align: 'left', shrinksTo: 12, dropOrder: 0 }),
    column('cell', row => row.cells[0]!.slice(0, 8), { align: 'left', dropOrder: 5 }),
    ...(rows.some(row => row.note !== null)
      ? [column('note', row => plain(row.note ?? ''), { align: 'left', shrinksTo: 8, dropOrder: 6 })]
      : []),
  ];
}

const meanText = ({ value, std }: LeaderboardRow) => formatMean(value, std);

const overfitText = ({ overfitSince }: LeaderboardRow) =>
  overfitSince === null ? '' : `from epoch ${overfitSince}`;

/** How far training is ahead of validation; for losses it is negative then. */
function gapOf({ trainValue, value }: LeaderboardRow): number | null {
  return trainValue === null || value === null ? null : trainValue - value;
}
