import { useState } from 'preact/hooks';
import { trainingCounterpart } from '../../../domain/metric.js';
import type { CellAnswer, CurvesAnswer } from '../../wire.js';
import { useAnswer } from '../live/use-answer.js';
import { Chart, type Line, type Mark } from '../shown/chart.js';
import { CurveView, viewOf } from '../shown/curve-view.js';
import { bandOf, type XAxis, xsOf, xTitles } from './series.js';

interface Group {
  title: string;
  metrics: readonly (readonly [metric: string, label: string, color: string])[];
}

const [first, second, third] = ['--first', '--second', '--third'];
const groups: readonly Group[] = [
  {
    title: 'accuracy',
    metrics: [
      ['validationAccuracy', 'validation', first!],
      ['trainAccuracy', 'training', second!],
      ['emaValidationAccuracy', 'validation, averaged weights', third!],
    ],
  },
  {
    title: 'loss',
    metrics: [
      ['validationLoss', 'validation', first!],
      ['trainLoss', 'training', second!],
      ['emaValidationLoss', 'validation, averaged weights', third!],
    ],
  },
  { title: 'learning rate', metrics: [['learningRate', 'learning rate', first!]] },
];

/** The curves of a cell, with the band of its seeds, and where it was best and began to overfit. */
export function Curves({ answer: { reading, row, objective } }: { answer: CellAnswer }) {
  const [axis, setAxis] = useState<XAxis>('epoch');
  const [withSeeds, setWithSeeds] = useState(true);
  const { epochs } = reading;
  const seeds = row?.cells ?? [];
  const metrics = groups.flatMap(group => group.metrics.map(([metric]) => metric));
  const family = useAnswer<CurvesAnswer>(
    withSeeds && seeds.length > 1
      ? `/api/curves?cells=${seeds.slice(0, 60).join(',')}&metrics=${metrics.join(',')}`
      : null,
    { cells: seeds },
  );
  if (epochs.length === 0) return <p class="faint">no epoch yet</p>;
  const numbers = epochs.map(({ epoch }) => epoch);
  const xs = xsOf(epochs, axis);
  const marks: Mark[] = [];
  const mark = (epoch: number | null, words: string, isAlarm = false) => {
    const index = numbers.indexOf(epoch ?? -1);
    if (index >= 0) marks.push({ x: xs[index]!, words, isAlarm });
  };
  mark(reading.bestEpoch, `best epoch ${reading.bestEpoch}`);
  mark(row?.overfitSince ?? null, `overfits from epoch ${row?.overfitSince}`, true);
  const others = groups.flatMap(group => group.metrics.map(([metric]) => metric));
  const own = [objective.metric, trainingCounterpart(objective)].filter(
    metric => metric !== null && !others.includes(metric) && metric in (epochs.at(-1)?.metrics ?? {}),
  ) as string[];
  const shown: readonly Group[] =
    own.length === 0
      ? groups
      : [
          {
            title: objective.metric,
            metrics: own.map((metric, i) => [metric, metric, i === 0 ? first! : second!]),
          },
          ...groups,
        ];
  const style = getComputedStyle(document.documentElement);
  const color = (name: string) => style.getPropertyValue(name).trim();

  return (
    <>
      <div class="controls">
        <fieldset class="choices">
          <legend class="hidden">x axis</legend>
          {(Object.keys(xTitles) as XAxis[]).map(each => (
            <label key={each}>
              <input type="radio" name="x-axis" checked={axis === each} onChange={() => setAxis(each)} />
              {xTitles[each]}
            </label>
          ))}
        </fieldset>
        {seeds.length > 1 ? (
          <label>
            <input
              type="checkbox"
              checked={withSeeds}
              onChange={event => setWithSeeds(event.currentTarget.checked)}
            />
            mean ± deviation of its {seeds.length} seeds
          </label>
        ) : null}
        <CurveView />
      </div>
      <div class="charts">
        {shown.map(({ title, metrics: ofGroup }) => {
          const present = ofGroup.filter(([metric]) => epochs.some(each => metric in each.metrics));
          if (present.length === 0) return null;
          const lines: Line[] = present.map(([metric, label, name]) => ({
            label,
            color: color(name),
            values: epochs.map(each => each.metrics[metric] ?? null),
          }));
          const bands = present.flatMap(([metric, , name]) => {
            const curves = family.data?.cells.flatMap(each => each.metrics[metric] ?? []);
            if (!withSeeds || family.data === undefined || curves === undefined || curves.length === 0)
              return [];
            const band = bandOf(
              numbers,
              family.data.cells.map(each => each.metrics[metric] ?? []),
            );
            return [{ color: `color-mix(in srgb, ${color(name)} 22%, transparent)`, ...band }];
          });
          return (
            <Chart
              key={title}
              title={title}
              xTitle={xTitles[axis]}
              xs={xs}
              {...viewOf(lines)}
              bands={bands}
              marks={title === 'learning rate' ? [] : marks}
            />
          );
        })}
      </div>
    </>
  );
}
