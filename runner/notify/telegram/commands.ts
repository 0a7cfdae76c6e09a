/** What the bot answers: from readings, and by the verbs of the command line. */

import { GridfarmError } from '../../domain/error.js';
import { trainingCounterpart } from '../../domain/metric.js';
import type { Labels } from '../../domain/stored.js';
import { readLeaderboard } from '../../leaderboard/leaderboard.js';
import { readCurves } from '../../readings/curves.js';
import type { StoreReader } from '../../store/run-store.js';
import { cellName, shortId } from '../../text/names.js';
import { formatFixed } from '../../text/numbers.js';
import { readDigest } from '../digest.js';
import { linesChart } from '../pictures/chart.js';
import type { Message } from '../sender.js';
import { boardTable, digestMessage } from '../words.js';
import type { Reply } from './poller.js';

const boardRows = 10;
const mostRows = 50;

interface Answered {
  subject: string;
  outcome: 'done' | 'refused';
  answer: string;
}

export interface CommandContext {
  store: StoreReader;
  results: string;
  grid: string;
  control: {
    steer(wish: {
      verb: 'pause' | 'resume' | 'cancel' | 'retry';
      cells: readonly string[];
      grid?: string;
    }): Promise<readonly Answered[]>;
    note(cell: string, text: string): Promise<readonly Answered[]>;
  };
  maySteer: boolean;
}

type Command = (words: readonly string[], context: CommandContext) => Reply | Promise<Reply>;

const say = (title: string, ...lines: string[]): Reply => ({ message: { title, lines } });

const help = say(
  'Commands',
  '/status – how far the grid is',
  '/leaderboard [N] – the best rows',
  '/cell ID – a cell and its curves',
  '/compare A B – two cells',
  '/note ID text – a comment',
  '/pause [ID…] /resume [ID…] – cells, or the grid',
  '/cancel ID… /retry ID… – cells',
);

const steering =
  (verb: 'pause' | 'resume' | 'cancel' | 'retry', needsCells: boolean): Command =>
  async (cells, { control, grid, maySteer }) => {
    if (!maySteer) return say('Not from this chat', 'GRID_TELEGRAM_USERS lists who may steer from a group');
    if (needsCells && cells.length === 0) return say(`/${verb} needs the beginning of a cell’s id`);
    return answered(await control.steer({ verb, cells, grid }));
  };

const commands: Readonly<Record<string, Command>> = {
  start: () => help,
  help: () => help,
  status: (_, { store, grid, results }) => ({
    message: digestMessage(readDigest(store, grid, results), Date.now()),
  }),
  leaderboard: ([count], { store, grid }) => {
    const top = Math.min(mostRows, Math.max(1, Number.parseInt(count ?? '', 10) || boardRows));
    const { objective, rows } = readLeaderboard(store, { grid, top });
    const table = boardTable(rows);
    if (table.length === 0) return say(`${grid}: no cell has a value yet`);
    return { message: { title: `${grid}: ${objective.metric}`, lines: [], table } };
  },
  cell: ([prefix], context) =>
    prefix === undefined ? say('/cell needs the beginning of an id') : cell(prefix, context),
  compare: ([first, second], context) =>
    first === undefined || second === undefined
      ? say('/compare needs two cells')
      : compare(first, second, context),
  note: async ([prefix, ...words], { control, maySteer }) => {
    if (!maySteer) return say('Not from this chat', 'GRID_TELEGRAM_USERS lists who may note from a group');
    if (prefix === undefined || words.length === 0) return say('/note needs a cell and a text');
    return answered(await control.note(prefix, words.join(' ')));
  },
  pause: steering('pause', false),
  resume: steering('resume', false),
  cancel: steering('cancel', true),
  retry: steering('retry', true),
};

/** `/status`, `/cell@bot 3fa1`; an error is an answer, too. */
export async function answer(text: string, context: CommandContext): Promise<Reply> {
  const [command = '', ...words] = text.trim().split(/\s+/);
  const name = command.slice(1).replace(/@.*$/, '').toLowerCase();
  if (!Object.hasOwn(commands, name)) return help;
  try {
    return await commands[name]!(words, context);
  } catch (error) {
    if (!(error instanceof GridfarmError)) throw error;
    return say('That can’t be done', error.message);
  }
}

const answered = (answers: readonly Answered[]): Reply =>
  say(
    answers.every(({ outcome }) => outcome === 'done') ? 'Done' : 'Refused',
    ...answers.map(({ subject, answer: words }) => `${shortOf(subject)}: ${words}`),
  );

const shortOf = (subject: string) => (/^[0-9a-f]{16,}$/.test(subject) ? shortId(subject) : subject);

function cell(prefix: string, { store, grid }: CommandContext): Reply {
  const { objective } = store.grid(grid);
  const { cellId, state, epochs, spec, value, bestEpoch, failure } = store.findCell(prefix);
  const labels = labelsOf(store, cellId, grid);
  const metrics = [objective.metric, trainingCounterpart(objective)].filter(metric => metric !== null);
  const curves = readCurves(store, [cellId], metrics).get(cellId);
  const lines = metrics.flatMap(name => {
    const points = curves?.get(name);
    return points === undefined ? [] : [{ name, points }];
  });
  const message: Message = {
    title: `${shortId(cellId)} ${cellName(cellId, labels)}`,
    lines: [
      `${state}, ${epochs} of ${spec.train.epochs} epochs`,
      ...(value === null ? [] : [`${objective.metric} ${formatFixed(value)} at epoch ${bestEpoch}`]),
      ...(failure === undefined ? [] : [`${failure.class}: ${failure.message.slice(0, 300)}`]),
      ...store.notesOf(cellId).map(({ text }) => `“${text}”`),
    ],
  };
  if (lines.length === 0) return { message };
  return { message, picture: linesChart(message.title, objective.metric, lines) };
}

/** In this grid, else in another one that has the cell. */
function labelsOf(store: StoreReader, cellId: string, grid: string): Labels {
  const grids = store.gridsOf(cellId);
  return (grids.find(each => each.grid === grid) ?? grids[0])?.labels ?? {};
}

function compare(first: string, second: string, { store, grid }: CommandContext): Reply {
  const { metric } = store.grid(grid).objective;
  const cells = [first, second].map(prefix => {
    const found = store.findCell(prefix);
    return { ...found, labels: labelsOf(store, found.cellId, grid) };
  });
  const [a, b] = [cells[0]!, cells[1]!];
  const curves = readCurves(store, [a.cellId, b.cellId], [metric]);
  const axes = [...new Set([...Object.keys(a.labels), ...Object.keys(b.labels)])];
  const message: Message = {
    title: `${shortId(a.cellId)} and ${shortId(b.cellId)}`,
    lines: [
      `${metric}: ${formatFixed(a.value)} and ${formatFixed(b.value)}`,
      ...axes
        .filter(axis => a.labels[axis] !== b.labels[axis])
        .map(axis => `${axis}: ${a.labels[axis] ?? '–'} and ${b.labels[axis] ?? '–'}`),
    ],
  };
  const lines = cells.map(({ cellId, labels }) => ({
    name: `${shortId(cellId)} ${cellName(cellId, labels)}`,
    points: curves.get(cellId)?.get(metric) ?? [],
  }));
  if (lines.every(({ points }) => points.length === 0)) return { message };
  return { message, picture: linesChart(message.title, metric, lines) };
}
