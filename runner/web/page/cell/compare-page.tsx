import type { ComponentChild } from 'preact';
import { useState } from 'preact/hooks';
import { formatFixed, missing } from '../../../text/numbers.js';
import type { CompareAnswer, CurvesAnswer } from '../../wire.js';
import { place, setParameters } from '../live/place.js';
import { useAnswer } from '../live/use-answer.js';
import { Chart } from '../shown/chart.js';
import { colorOf } from '../shown/colors.js';
import { CurveView, viewOf } from '../shown/curve-view.js';
import { CellLink } from '../shown/labels.js';
import { Problem } from '../shown/problem.js';
import { StateMark } from '../shown/state.js';
import { valuesAt } from './series.js';
import { differingPaths, flat } from './settings.js';

const metrics = [
  'validationAccuracy',
  'validationLoss',
  'trainAccuracy',
  'trainLoss',
  'learningRate',
  'validationTop5Accuracy',
  'emaValidationAccuracy',
  'emaValidationLoss',
] as const;

/** Curves of chosen cells over each other, and what their settings differ in. */
export function ComparePage() {
  const cells = (place.value.searchParams.get('cells') ?? '').split(',').filter(cell => cell !== '');
  const [byTime, setByTime] = useState(false);
  const list = cells.map(encodeURIComponent).join(',');
  const { data, problem } = useAnswer<CompareAnswer>(list === '' ? null : `/api/compare?cells=${list}`, {
    cells,
  });
  const ids = data?.cells.map(({ cell }) => cell) ?? [];
  const curves = useAnswer<CurvesAnswer>(
    ids.length === 0
      ? null
      : `/api/curves?cells=${ids.join(',')}&metrics=${[...metrics, 'seconds'].join(',')}`,
    { cells: ids },
  );
  if (list === '') return <p>Choose cells on the leaderboard of a grid.</p>;
  if (data === undefined) return <Problem words={problem} />;
  const settings = data.cells.map(({ spec }) => new Map(flat(spec)));
  const paths = differingPaths(settings);
  const axes = [...new Set(data.cells.flatMap(({ labels }) => Object.keys(labels)))].filter(
    axis => new Set(data.cells.map(({ labels }) => labels[axis])).size > 1,
  );
  const nameOf = (index: number) => {
    const { labels, cell } = data.cells[index]!;
    const own = axes.map(axis => labels[axis] ?? missing).join(' · ');
    return own === '' ? cell.slice(0, 8) : own;
  };
  return (
    <>
      <h1>{data.cells.length} cells beside each other</h1>
      <Problem words={problem ?? curves.problem} />
      <section class="card">
        <h2>Curves</h2>
        <div class="controls">
          <label>
            <input
              type="checkbox"
              checked={byTime}
              onChange={event => setByTime(event.currentTarget.checked)}
            />
            by seconds of training
          </label>
          <CurveView />
        </div>
        <div class="charts">
          {metrics.map(metric => {
            const own = curves.data?.cells.map(each => each.metrics[metric] ?? []) ?? [];
            if (!own.some(points => points.length > 0)) return null;
            const placed = own.map((points, index) =>
              placedBy(points, byTime ? (curves.data!.cells[index]!.metrics.seconds ?? []) : null),
            );
            const xs = [...new Set(placed.flatMap(points => points.map(([x]) => x)))].sort((a, b) => a - b);
            return (
              <Chart
                key={metric}
                title={metric}
                xTitle={byTime ? 'seconds of training' : 'epoch'}
                xs={xs}
                {...viewOf(
                  placed.map((points, index) => ({
                    label: nameOf(index),
                    color: colorOf(ids[index]!),
                    values: valuesAt(xs, points),
                  })),
                )}
              />
            );
          })}
        </div>
      </section>
      <section class="card">
        <h2>What differs</h2>
        <div class="scrolls">
          <table class="settings compare">
            <thead>
              <tr>
                <th scope="col">setting</th>
                {data.cells.map(({ cell }) => (
                  <th key={cell} scope="col">
                    <CellLink cell={cell} />{' '}
                    <button
                      type="button"
                      aria-label={`take ${cell.slice(0, 8)} away`}
                      onClick={() =>
                        setParameters({ cells: cells.filter(each => !cell.startsWith(each)).join(',') })
                      }
                    >
                      ×
                    </button>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              <Line name="state">
                {data.cells.map(({ cell, state }) => (
                  <StateMark key={cell} state={state} />
                ))}
              </Line>
              <Line name="value">{data.cells.map(({ value }) => formatFixed(value))}</Line>
              <Line name="best epoch">
                {data.cells.map(({ bestEpoch, epochs }) => `${bestEpoch ?? missing}/${epochs}`)}
              </Line>
              {axes.map(axis => (
                <Line key={axis} name={axis}>
                  {data.cells.map(({ labels }) => labels[axis] ?? missing)}
                </Line>
              ))}
              {paths
                .filter(path => !axes.includes(path))
                .map(path => (
                  <Line key={path} name={path}>
                    {settings.map(each => each.get(path) ?? missing)}
                  </Line>
                ))}
            </tbody>
          </table>
        </div>
        {paths.length === 0 ? <p class="faint">nothing differs in their settings</p> : null}
      </section>
    </>
  );
}

const Line = ({ name, children }: { name: string; children: readonly ComponentChild[] }) => (
  <tr>
    <th scope="row">{name}</th>
    {children.map((child, index) => (
      <td key={index}>{child}</td>
    ))}
  </tr>
);

type Points = readonly (readonly [number, number | null])[];

/** By the seconds of training up to each epoch; without them by the epoch. */
function placedBy(points: Points, seconds: Points | null): Points {
  if (seconds === null) return points;
  const ends = new Map<number, number>();
  let sum = 0;
  for (const [epoch, value] of seconds) {
    sum += value ?? 0;
    ends.set(epoch, sum);
  }
  return points.map(([epoch, value]) => [ends.get(epoch) ?? epoch, value] as const);
}
