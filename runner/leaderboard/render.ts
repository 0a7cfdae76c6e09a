import { csvLine } from '../text/csv.js';
import { wrapText } from '../text/lines.js';
import { plain } from '../text/names.js';
import { formatCount, formatFixed, formatMean, missing } from '../text/numbers.js';
import { type Column, textTable } from '../text/table.js';
import { formatShortDuration } from '../text/times.js';
import { markOf, rankInterval } from './rank-text.js';
import type { Block, Leaderboard, LeaderboardRow } from './row.js';

export interface RenderOptions {
  /** Columns of the terminal; without it nothing is cut. */
  width?: number | undefined;
}

/** For a terminal: a heading, a table in blocks of equal budgets, and what can be told from it, fitted to its width. */
export function renderText(board: Leaderboard, { width }: RenderOptions = {}): string {
  const { grid, objective, rows, blocks } = board;
  const goal = objective.direction === 'maximize' ? 'highest' : 'lowest';
  const heading = `${plain(grid)}: ${goal} ${plain(objective.metric)}, the mean of each row's seeds at their best epochs`;
  const wrapped = (text: string) => (width === undefined ? [text] : wrapText(text, width));
  if (rows.length === 0) return `${wrapped(heading).join('\n')}\nno cells\n`;
  const [titles, ...lines] = textTable(columns(board), width);
  return `${[
    ...wrapped(heading),
    '',
    titles!,
    ...inBlocks(board, lines),
    '',
    ...legendOf(rows).flatMap(wrapped),
    ...conclusionsOf(blocks).flatMap(wrapped),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

/** With a title over each block where there are several. */
function inBlocks({ rows, blocks }: Leaderboard, lines: readonly string[]): string[] {
  if (blocks.length < 2) return [...lines];
  const titleOf = new Map(
    blocks.map(({ budget, isRanked }) => [budget, isRanked ? budget : `${budget}: not ranked`]),
  );
  return lines.flatMap((line, i) => {
    const { budget } = rows[i]!;
    if (i > 0 && rows[i - 1]!.budget === budget) return [line];
    return [`-- ${budget === null ? 'not done' : titleOf.get(budget)!}`, line];
  });
}

const legend: readonly (readonly [(row: LeaderboardRow) => boolean, string])[] = [
  [row => markOf(row) === '*', '* unfinished: the value may still change'],
  [row => markOf(row) === '!', '! rests on less than was asked for, or is stale: see the column "rests on"'],
  [row => row.mayWin, '+ may be the best: of no row it can be told that it is better'],
];

const legendOf = (rows: readonly LeaderboardRow[]): string[] => [
  ...legend.flatMap(([applies, words]) => (rows.some(applies) ? [words] : [])),
  ...(rows.some(isPartial)
    ? ['( ) the mean of the others: seeds that ended without a value count as the worst']
    : []),
];

/** What the ranks rest on, and the best without its luck: of each block. */
function conclusionsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap(({ budget, rows, isRanked, mayWin, best, noiseWords }) => {
    // A row alone is compared with nothing.
    if (!isRanked || rows < 2) return [];
    const title = blocks.length > 1 ? `${budget}: ` : '';
    const luck =
      best === null || best.shrunk === null || best.shrunk === best.value
        ? []
        : [
            `The best value ${formatFixed(best.value)} was also the luckiest of ${rows}: expect ${formatFixed(best.shrunk)} of it.`,
          ];
    return [`${title}${mayWin} of ${rows} rows may be the best. ${noiseWords}`, ...luck];
  });
}

const isPartial = ({ value, seedsFailed }: LeaderboardRow) => value !== null && seedsFailed > 0;

/** A table of GitHub's Markdown for each block, and what can be told from it. */
export function renderMarkdown(board: Leaderboard): string {
  const { rows, blocks } = board;
  const shown = columns(board);
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.trim().replaceAll('\\', '\\\\').replaceAll('|', '\\|')).join(' | ')} |\n`;
  const rule = shown.map(column => (column.align === 'right' ? '---:' : '---'));
  const head = line(shown.map(column => column.title)) + line(rule);
  const body = rows.map((row, i) => {
    const isFirst = i === 0 || (blocks.length > 1 && rows[i - 1]!.budget !== row.budget);
    const title = blocks.length > 1 ? `${i === 0 ? '' : '\n'}**${plain(row.budget ?? 'not done')}**\n\n` : '';
    return (isFirst ? title + head : '') + line(shown.map(column => column.cells[i]!));
  });
  const conclusions = conclusionsOf(blocks).map(words => `\n${words}\n`);
  return [...(rows.length === 0 ? [head] : body), ...conclusions].join('');
}

/** One line a row, numbers in full, axes as columns `labels.<axis>`. */
export function renderCsv({ rows }: Leaderboard): string {
  const axes = axesOf(rows);
  const header = [
    'rank',
    'worstRank',
    'mayWin',
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
      row.worstRank,
      String(row.mayWin),
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
  'shrunk',
  'std',
  'seeds',
  'bestEpoch',
  'epochs',
  'lastValue',
  'trainValue',
  'overfitSince',
  'seconds',
] as const;

const basis = ['seedsAsked', 'seedsFailed', 'seedsOpen', 'epochsAsked', 'budget', 'restsOn'] as const;

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

function columns({ rows, objective }: Leaderboard): Column[] {
  // With more epochs a stopped cell's best can only have become better.
  const bound = objective.direction === 'maximize' ? '≥ ' : '≤ ';
  const column = (title: string, cell: (row: LeaderboardRow) => string, options: Partial<Column> = {}) => ({
    title,
    cells: rows.map(cell),
    align: 'right' as const,
    ...options,
  });
  return [
    column('rank', row => `${rankInterval(row)}${`${row.mayWin ? '+' : ''}${markOf(row)}`.padEnd(2)}`),
    ...axesOf(rows).map(axis =>
      column(plain(axis), row => plain(row.labels[axis] ?? missing), { align: 'left', shrinksTo: 6 }),
    ),
    column('value', row => {
      const text = `${row.stop === null ? '' : bound}${formatMean(row.value, row.std)}`;
      return isPartial(row) ? `(${text})` : text;
    }),
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

const overfitText = ({ overfitSince }: LeaderboardRow) =>
  overfitSince === null ? '' : `from epoch ${overfitSince}`;

/** How far training is ahead of validation; for losses it is negative then. */
function gapOf({ trainValue, value }: LeaderboardRow): number | null {
  return trainValue === null || value === null ? null : trainValue - value;
}
