import { runStates, stateTable } from '../../../domain/run-state.js';
import { formatFixed } from '../../../text/numbers.js';
import { type Block, heading, number, type ReportSection, text } from '../blocks.js';
import { labelsText, type ReportReading } from '../read-report.js';

const mostRows = 30;

/** How the runs went: states, failures, warnings, and what was watched for. */
export function monitoringSection(reading: ReportReading): ReportSection {
  const { status } = reading;
  const states = runStates.filter(state => status.counts[state] > 0);
  return {
    id: 'monitoring',
    title: 'Monitoring',
    blocks: [
      {
        type: 'facts',
        facts: [
          {
            name: 'cells',
            value:
              states.map(state => `${status.counts[state]} ${stateTable[state].shownAs}`).join(', ') ||
              'none',
          },
          ...enginesOf(reading),
        ],
      },
      ...overfitting(reading),
      ...failures(reading),
      ...warnings(reading),
    ],
  };
}

function enginesOf({ families }: ReportReading): { name: string; value: string }[] {
  const engines = new Map<string, number>();
  for (const { provenance } of families.flatMap(({ cells }) => cells)) {
    if (provenance === null) continue;
    const { name, version, device } = provenance.engine;
    const words = `${name} ${version}, ${device}`;
    engines.set(words, (engines.get(words) ?? 0) + 1);
  }
  const list = [...engines].sort(([, a], [, b]) => b - a).slice(0, 5);
  return list.length === 0
    ? []
    : [{ name: 'trained on', value: list.map(([words, count]) => `${words} (${count})`).join('; ') }];
}

/** From which epoch on training runs away from validation. */
function overfitting({ board, grid }: ReportReading): Block[] {
  const ranked = board.rows.filter(({ value }) => value !== null);
  const found = ranked.filter(({ overfitSince }) => overfitSince !== null);
  if (ranked.length === 0) return [];
  const rule =
    'Overfitting begins at the first epoch from which on the gap between training and validation (its mean over three epochs) stays above that of chance, never falls back, and grows three epochs in a row.';
  if (found.length === 0) return [heading('Overfitting'), text(`No setting overfits. ${rule}`)];
  return [
    heading('Overfitting'),
    text(`${found.length} of ${ranked.length} settings overfit. ${rule}`),
    {
      type: 'table',
      caption: `${grid.objective.metric} at the best epoch, on training and on validation images${found.length > mostRows ? `; the first ${mostRows} of ${found.length}` : ''}`,
      columns: [
        { name: 'setting' },
        { name: 'overfits from epoch', isNumber: true },
        { name: 'best epoch', isNumber: true },
        { name: 'training', isNumber: true },
        { name: 'validation', isNumber: true },
      ],
      rows: found
        .slice(0, mostRows)
        .map(({ labels, overfitSince, bestEpoch, trainValue, value }) => [
          labelsText(labels),
          number(overfitSince, String),
          number(bestEpoch, epoch => epoch.toFixed(Number.isInteger(epoch) ? 0 : 1)),
          number(trainValue, formatFixed),
          number(value, formatFixed),
        ]),
    },
  ];
}

function failures({ status }: ReportReading): Block[] {
  const { failed, heldUp } = status;
  const all = [...failed, ...heldUp];
  if (all.length === 0) return [];
  const classes = new Map<string, number>();
  for (const { failure } of all) classes.set(failure, (classes.get(failure) ?? 0) + 1);
  const counts = [...classes].map(([failure, count]) => `${count} × ${failure}`).join(', ');
  return [
    heading('Failures of runs'),
    text(`${counts}.`),
    {
      type: 'table',
      caption:
        all.length > mostRows
          ? `The first ${mostRows} of ${all.length}`
          : 'Cells whose last run failed or is held up',
      columns: [{ name: 'cell' }, { name: 'labels' }, { name: 'class' }, { name: 'what it said' }],
      rows: all
        .slice(0, mostRows)
        .map(({ cell, labels, failure, message }) => [
          cell.slice(0, 8),
          Object.values(labels).join(' · '),
          failure,
          message.slice(0, 300),
        ]),
    },
  ];
}

function warnings({ status }: ReportReading): Block[] {
  const texts = new Map<string, { cells: Set<string>; count: number }>();
  for (const { cell, text, count } of status.warnings) {
    const known = texts.get(text) ?? { cells: new Set(), count: 0 };
    known.cells.add(cell);
    known.count += count;
    texts.set(text, known);
  }
  if (texts.size === 0) return [];
  const rows = [...texts].sort(([, a], [, b]) => b.cells.size - a.cells.size).slice(0, mostRows);
  return [
    heading('Warnings of trainers'),
    {
      type: 'table',
      caption:
        texts.size > rows.length
          ? `The first ${rows.length} of ${texts.size}`
          : 'Different warnings of the cells’ last runs',
      columns: [{ name: 'cells', isNumber: true }, { name: 'times', isNumber: true }, { name: 'warning' }],
      rows: rows.map(([words, { cells, count }]) => [
        number(cells.size, String),
        number(count, String),
        words.slice(0, 300),
      ]),
    },
  ];
}
