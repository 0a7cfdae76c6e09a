/** Everything that is known of a cell, in words. */
import { stripVTControlCharacters } from 'node:util';
import { stringify } from 'yaml';
import type { EpochRecord } from '../../trainer/contract/events.js';
import { describeFailure, reasonOf } from '../domain/failure-words.js';
import { memoryWords } from '../domain/memory-words.js';
import type { Failure } from '../domain/run.js';
import type { Labels, StoredRun } from '../domain/stored.js';
import type { CellReading } from '../readings/cell.js';
import { plain } from '../text/names.js';
import { formatNumber } from '../text/numbers.js';
import { wordsOfMark } from '../text/stop-words.js';
import { textTable } from '../text/table.js';
import { localTime } from '../text/times.js';
import { evaluationLines } from './evaluation-lines.js';

export function detailLines(details: CellReading, width: number | undefined): string[] {
  const { cell, grids, state, value, bestEpoch, spec, runs, epochs, evaluation, notes, folder } = details;
  const { evaluationProblem: problem, rung } = details;
  const { metric } = spec.objective;
  const best = value === null ? '' : `, best ${metric} ${formatNumber(value)} at epoch ${bestEpoch}`;
  return [
    `cell ${cell}: ${state}, ${epochs.length} of ${spec.train.epochs} epochs${best}`,
    ...(rung === undefined ? [] : [`  ${wordsOfMark(rung)}`]),
    ...grids.map(({ grid, labels }) => `  in ${grid}: ${plain(describeLabels(labels))}`),
    `  folder ${folder}`,
    ...notes.map(({ timeMs, text }) => `  note ${localTime(timeMs)}: ${plain(text)}`),
    '',
    ...runs.flatMap(runLines),
    '',
    ...stringify(spec, { flowCollectionPadding: false }).trimEnd().split('\n'),
    ...(epochs.length === 0 ? [] : ['', ...epochTable(epochs, width)]),
    ...(evaluation === null ? [] : ['', ...evaluationLines(evaluation)]),
    ...(problem === undefined ? [] : ['', `the figures of the best weights can’t be read: ${problem}`]),
  ];
}

const describeLabels = (labels: Labels) =>
  Object.entries(labels)
    .map(([axis, label]) => `${axis}=${label}`)
    .join(' ') || 'no labels';

function runLines({
  attempt,
  slotId,
  state,
  startedMs,
  endedMs,
  failure,
  provenance,
  resumedFromEpoch,
  memory,
  warnings,
}: StoredRun): string[] {
  const engine = provenance === null ? '' : `, ${provenance.engine.version} on ${provenance.engine.device}`;
  const from = resumedFromEpoch ? `, went on after epoch ${resumedFromEpoch}` : '';
  const held = memory === null ? '' : `, held ${memoryWords(memory)}`;
  const end = endedMs === null ? '' : ` to ${localTime(endedMs)}`;
  const why = failure === undefined ? '' : `: ${describeFailure(failure)}`;
  const others = warnings.count - warnings.first.reduce((sum, { count }) => sum + count, 0);
  return [
    `run ${attempt} on ${slotId}: ${state}, ${localTime(startedMs)}${end}${engine}${from}${held}${why}`,
    ...wholeMessage(failure),
    ...warnings.first.map(
      ({ text, count }) => `  warning${count > 1 ? ` (${count} times)` : ''}: ${reasonOf(text)}`,
    ),
    ...(others > 0 ? [`  … and ${others} more warnings, in the log`] : []),
  ];
}

/** All that a failure's message says, where that is more than one line. */
function wholeMessage(failure: Failure | undefined): string[] {
  const lines = (failure?.message ?? '').trimEnd().split('\n');
  return lines.length > 1
    ? lines.map(line => `  | ${stripVTControlCharacters(line).replace(/\p{Cc}/gu, '')}`)
    : [];
}

function epochTable(epochs: readonly EpochRecord[], width: number | undefined): string[] {
  const names = [...new Set(epochs.flatMap(({ metrics }) => Object.keys(metrics)))];
  return textTable(
    [
      { title: 'epoch', cells: epochs.map(({ epoch }) => `${epoch}`), align: 'right' },
      { title: 'step', cells: epochs.map(({ step }) => `${step}`), align: 'right', dropOrder: 99 },
      ...names.map((name, index) => ({
        title: name,
        cells: epochs.map(({ metrics }) => formatNumber(metrics[name])),
        align: 'right' as const,
        dropOrder: index + 1,
      })),
    ],
    width,
  );
}
