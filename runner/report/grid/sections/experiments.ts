import { withAdvice } from '../../../conclusions/suggestions/suggestion.js';
import { trainingCounterpart } from '../../../domain/metric.js';
import { type Family, modelOf } from '../../../readings/families.js';
import { formatFixed, formatMean } from '../../../text/numbers.js';
import { seriesColors } from '../../colors.js';
import { type Block, heading, number, type ReportSection, text } from '../blocks.js';
import { curvesChart } from '../charts/curves-chart.js';
import { meanCurve } from '../charts/mean-curve.js';
import { labelsText, type ReportReading } from '../read-report.js';

const mostModels = 12;
const mostRows = 12;

/** What was tried of each model: curves, rows, what could have helped. */
export function experimentsSection(reading: ReportReading): ReportSection {
  const models = new Map<string, Family[]>();
  for (const family of reading.families) {
    const known = models.get(modelOf(family));
    if (known === undefined) models.set(modelOf(family), [family]);
    else known.push(family);
  }
  const shown = [...models].slice(0, mostModels);
  return {
    id: 'experiments',
    title: 'Experiments by model',
    blocks: [
      ...shown.flatMap(([model, families], index) => modelBlocks(model, families, index, reading)),
      ...(models.size > shown.length
        ? [text(`${shown.length} of ${models.size} models are shown, those with the best rows.`)]
        : []),
      ...(models.size === 0 ? [text('There are no cells.')] : []),
    ],
  };
}

function modelBlocks(
  model: string,
  families: readonly Family[],
  index: number,
  reading: ReportReading,
): Block[] {
  const suggestions = reading.suggestions.filter(suggestion => suggestion.model === model);
  return [
    heading(model),
    ...charts(model, families, index, reading),
    rowsOf(model, families, reading),
    ...(suggestions.length === 0
      ? []
      : [
          text('What could have helped:'),
          {
            type: 'claims' as const,
            claims: suggestions.map(withAdvice),
          },
        ]),
  ];
}

function charts(
  model: string,
  families: readonly Family[],
  index: number,
  { grid, curves, board }: ReportReading,
): Block[] {
  const { objective } = grid;
  const counterpart = trainingCounterpart(objective);
  const curvesOf = ({ cells }: Family) => cells.flatMap(({ cellId }) => curves.get(cellId) ?? []);
  const drawn = families
    .map(family => ({ family, points: meanCurve(curvesOf(family), objective.metric) }))
    .filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return [text('No epoch has ended yet.')];
  const shown = drawn.slice(0, seriesColors.length);
  const sign = objective.direction === 'maximize' ? 1 : -1;
  const nameOf = ({ labels, cells }: Family) => {
    const words = labelsText(labels) || model;
    return `${words.length > 70 ? `${words.slice(0, 69)}…` : words}${cells.length > 1 ? ` (${cells.length} seeds)` : ''}`;
  };
  const first = shown[0]!;
  const row = board.rows.find(({ cells }) => cells.includes(first.family.cells[0]!.cellId));
  const best = first.points.reduce((a, b) => (sign * b.mean > sign * a.mean ? b : a));
  const picture = (name: string, caption: string, description: string, svg: string): Block => ({
    ...{ type: 'picture', name: `${name}-${index + 1}`, caption, description, content: { svg } },
  });
  const training = counterpart === null ? [] : meanCurve(curvesOf(first.family), counterpart);
  const since = row?.overfitSince ?? null;
  const description = `${objective.metric} over the epochs of ${shown.map(({ family }) => nameOf(family)).join('; ')}. Best of the first: ${formatFixed(best.mean)} at epoch ${best.epoch}.`;
  return [
    picture(
      'curves',
      `Mean over the seeds; band: one standard deviation; dot: the best epoch of the mean; dashed: only some of the seeds. ${shown.length} of ${drawn.length} settings with epochs are shown, the best first.`,
      description,
      curvesChart({
        title: `${model}: ${objective.metric}`,
        description,
        series: shown.map(({ family, points }, i) => {
          const top = points.reduce((a, b) => (sign * b.mean > sign * a.mean ? b : a));
          return {
            ...{ name: nameOf(family), color: seriesColors[i]!, points },
            best: { epoch: top.epoch, value: top.mean },
          };
        }),
      }),
    ),
    ...(training.length === 0
      ? []
      : [
          picture(
            'training',
            `Training and validation of the first setting, ${nameOf(first.family)}.`,
            `${counterpart} and ${objective.metric} of ${nameOf(first.family)}${since === null ? '' : `; it overfits from epoch ${since} on`}`,
            curvesChart({
              title: `${model}: ${counterpart} and ${objective.metric}`,
              description: `${counterpart} and ${objective.metric} of ${nameOf(first.family)}`,
              marks: since === null ? [] : [{ epoch: since, label: `overfits from ${since}` }],
              series: [
                {
                  name: 'validation',
                  color: 'series1',
                  points: first.points,
                  best: { epoch: best.epoch, value: best.mean },
                },
                { name: 'training', color: 'series2', points: training, isDashed: true },
              ],
            }),
          ),
        ]),
  ];
}

function rowsOf(model: string, families: readonly Family[], { board }: ReportReading): Block {
  const ids = new Set(families.flatMap(({ cells }) => cells.map(({ cellId }) => cellId)));
  const rows = board.rows.filter(({ cells }) => ids.has(cells[0]!));
  return {
    type: 'table',
    caption: `Settings of ${model}${rows.length > mostRows ? `, the first ${mostRows} of ${rows.length}` : ''}`,
    columns: [
      { name: 'rank', isNumber: true },
      { name: 'setting' },
      { name: board.objective.metric, isNumber: true },
      { name: 'best epoch', isNumber: true },
      { name: 'training', isNumber: true },
      { name: 'rests on' },
    ],
    rows: rows
      .slice(0, mostRows)
      .map(({ rank, labels, value, std, bestEpoch, trainValue, restsOn }) => [
        number(rank, String),
        labelsText(labels) || '–',
        { text: formatMean(value, std), order: value },
        number(bestEpoch, epoch => String(Number(epoch.toFixed(1)))),
        number(trainValue, formatFixed),
        restsOn,
      ]),
  };
}
