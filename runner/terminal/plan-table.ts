/** A plan in words. */

import { reasonOf } from '../domain/failure-words.js';
import {
  type CellState,
  type Estimate,
  namesOfPlanStates,
  type Plan,
  type PlannedCell,
} from '../domain/plan.js';
import type { Failure } from '../domain/run.js';
import { plain, shortId } from '../text/names.js';
import { type Column, textTable } from '../text/table.js';
import { formatDuration } from '../text/times.js';

/** `11 of 12 cells to run: 8 new, 3 interrupted, 1 completed`. */
export function countsLine({ cells, counts, shard }: Plan): string {
  const toRun = cells.filter(({ action }) => action === 'run').length;
  const own = cells.filter(isOwn).length;
  const parts = namesOfPlanStates
    .filter(state => counts[state] > 0)
    .map(state => `${counts[state]} ${state}`);
  const none = shard === undefined ? 'the grid is empty' : 'the shard is empty';
  const of = shard === undefined ? '' : ` of shard ${shard.number}/${shard.of} (of ${cells.length} in all)`;
  return `${toRun} of ${own} cells${of} to run: ${parts.join(', ') || none}`;
}

const isOwn = ({ otherShard }: PlannedCell) => otherShard === undefined;

/** A line a cell with what would become of it and why; none for those of other shards. */
export function planTable(plan: Plan, width: number | undefined): string[] {
  const { removed, unknownInputs } = plan;
  const cells = plan.cells.filter(isOwn);
  const axes = [...new Set(cells.flatMap(({ cell }) => Object.keys(cell.labels)))];
  const column = (
    title: string,
    text: (planned: PlannedCell) => string,
    more: Partial<Column> = {},
  ): Column => ({
    title,
    cells: cells.map(text),
    ...more,
  });
  const table = textTable(
    [
      column('', ({ action }) => (action === 'run' ? '▸' : ' ')),
      column('cell', ({ cell }) => shortId(cell.cellId)),
      column('state', ({ status }) => status.state),
      ...axes.map(axis =>
        column(plain(axis), ({ cell }) => plain(cell.labels[axis] ?? '–'), { shrinksTo: 6 }),
      ),
      column('why', planned => plain(reason(planned)), { shrinksTo: 12, dropOrder: 1 }),
    ],
    width,
  );
  const lost =
    removed.length === 0
      ? []
      : [
          '',
          `${removed.length} results are no longer in the grid (they are kept):`,
          ...removed.map(describeRemoved),
        ];
  const unknown =
    unknownInputs === 0
      ? []
      : [
          '',
          `${unknownInputs} results were made before the trainer's files were recorded: whether those changed since is unknown`,
        ];
  return [...table, ...lost, ...unknown];
}

const describeRemoved = ({ cellId, labels, state, epochs }: Plan['removed'][number]) =>
  `  ${shortId(cellId)}  ${state}, ${epochs} epochs  ${plain(Object.values(labels).join(' · '))}`.trimEnd();

function reason({ status, action }: PlannedCell): string {
  switch (status.state) {
    case 'interrupted':
      return goesOn(status);
    case 'failed':
      return `${status.failure?.class ?? 'failed'} after ${status.attempts} runs; \`grid retry\` queues it again${why(status.failure)}`;
    case 'stale':
      return `${status.unfinished ? 'unfinished; ' : ''}${status.reasons.join('; ')}${action === 'run' ? '; begins anew' : '; --rerun-stale trains it again'}`;
    case 'running':
      return `by ${status.holder ?? 'another process'}`;
    case 'stopped':
      return `after epoch ${status.epoch}`;
    case 'paused':
      return `${status.epoch > 0 ? `after epoch ${status.epoch}; ` : ''}\`grid resume\` lets it go on`;
    default:
      return '';
  }
}

const why = (failure: Failure | undefined) =>
  failure === undefined || failure.message === '' ? '' : `. ${reasonOf(failure.message)}`;

function goesOn({ epoch, engine, engineChange }: Extract<CellState, { state: 'interrupted' }>): string {
  if (engine !== undefined) return `goes on after epoch ${epoch}, on the engine ${engine} as before`;
  const other = engineChange === undefined ? '' : `; ${engineChange}: the last bits will differ`;
  return `goes on after epoch ${epoch}${other}`;
}

/** Cost and finish, or what isn't known of them. */
export function estimateLines(
  { cells, epochs, seconds, finishSeconds, unknownCells }: Estimate,
  slots: number,
): string[] {
  if (cells === 0) return ['Nothing to run.'];
  const work = `${cells} cells, ${epochs} epochs`;
  if (unknownCells === cells)
    return [
      `Estimate: ${work}; nothing like them has been measured yet (\`--probe\` measures a short piece of each)`,
    ];
  const known = `${formatDuration(seconds)} of training, done in ${formatDuration(finishSeconds)} on ${slots} slots`;
  const rest =
    unknownCells === 0
      ? ''
      : `, without ${unknownCells} cells that nothing like has been measured of (\`--probe\`)`;
  return [`Estimate: ${work}: ${known}${rest}`];
}
