import { confirmedWords } from '../../../conclusions/confirmation.js';
import { runStates, stateTable } from '../../../domain/run-state.js';
import { formatMean } from '../../../text/numbers.js';
import { localTime } from '../../../text/times.js';
import { type Block, type ReportSection, text } from '../blocks.js';
import { labelsText, type ReportReading } from '../read-report.js';

/** What the grid came to, and what is missing of it. */
export function summarySection(reading: ReportReading): ReportSection {
  const { grid, board, status, madeMs } = reading;
  const { metric, direction } = grid.objective;
  const cells = runStates.reduce((sum, state) => sum + status.counts[state], 0);
  const ranked = board.rows.filter(({ rank }) => rank !== null);
  const first = ranked[0];
  return {
    id: 'summary',
    title: 'Summary',
    blocks: [
      ...(grid.description === '' ? [] : [text(grid.description)]),
      {
        type: 'facts',
        facts: [
          { name: 'objective', value: `${direction === 'maximize' ? 'highest' : 'lowest'} ${metric}` },
          { name: 'cells', value: `${cells} of ${board.rows.length} settings` },
          ...(first === undefined
            ? []
            : [
                {
                  name: 'first row',
                  value: `${labelsText(first.labels) || 'the only setting'}: ${formatMean(first.value, first.std)}`,
                },
                { name: 'rests on', value: first.restsOn },
              ]),
          ...(reading.confirmed[0] === undefined
            ? []
            : [{ name: 'confirmed by fresh seeds', value: confirmedWords(reading.confirmed[0]) }]),
          { name: 'as of', value: localTime(madeMs) },
        ],
      },
      ...missing(reading, cells, ranked.length),
      ...howLittle(reading),
    ],
  };
}

/** Of a grid that runs, or has failed. */
function missing({ status }: ReportReading, cells: number, ranked: number): Block[] {
  const open = runStates.filter(state => !stateTable[state].done && status.counts[state] > 0);
  if (cells === 0)
    return [{ type: 'alarm', text: 'The grid has no cells any more: its file was emptied of them.' }];
  if (open.length === 0) return [];
  const states = open.map(state => `${status.counts[state]} ${stateTable[state].shownAs}`).join(', ');
  const done = runStates.reduce((sum, state) => sum + (stateTable[state].done ? status.counts[state] : 0), 0);
  const words =
    ranked > 0
      ? `This is a report on a part: ${done} of ${cells} cells have a result; ${states}. What is said below rests on those that have one.`
      : `No cell has a result yet: ${states}. There is nothing to compare.`;
  const isOver = open.every(state => stateTable[state].over);
  const failed = isOver && ranked === 0 ? ['All cells failed. The section on monitoring says of what.'] : [];
  return [words, ...failed].map(alarm => ({ type: 'alarm', text: alarm }));
}

/** One seed says nothing of how much seeds differ. */
function howLittle({ board }: ReportReading): Block[] {
  const ranked = board.rows.filter(({ rank }) => rank !== null);
  if (ranked.length < 2 || ranked.some(({ seeds }) => seeds > 1)) return [];
  return [
    text(
      'Every setting was trained once. How much a result changes with its seed isn’t known, so that a difference between two rows may be chance: the order below is what these runs came to, and no more. Training the first rows again with other seeds would tell (grid confirm).',
    ),
  ];
}
