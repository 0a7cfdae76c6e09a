import { useState } from 'preact/hooks';
import { formatFixed } from '../../../text/numbers.js';
import type { AxisLabels, LeaderboardAnswer } from '../../wire.js';
import { place, setParameters } from '../live/place.js';
import { useAnswer } from '../live/use-answer.js';
import { toneOf } from '../shown/colors.js';
import { shortAxis } from '../shown/labels.js';
import { Problem } from '../shown/problem.js';

interface Props {
  path: string;
  query: string;
  axes: readonly AxisLabels[];
}

const mostLines = 300;
const mostLabels = 30;
const [width, height, top] = [960, 320, 30];

/** A line for each row of the leaderboard over all axes, best last so that it lies on top. Labels are chosen by clicking on them: several of an axis, too. */
export function Parallel({ path, query, axes }: Props) {
  const [isShown, setShown] = useState(false);
  const { data, problem } = useAnswer<LeaderboardAnswer>(
    isShown ? `${path}/leaderboard?count=${mostLines}&${query}` : null,
  );
  const several = axes.filter(({ labels }) => labels.length > 1 && labels.length <= mostLabels);
  if (!isShown)
    return (
      <button type="button" onClick={() => setShown(true)}>
        show
      </button>
    );
  if (data === undefined) return <Problem words={problem} />;
  const { objective } = data;
  const rows = data.rows.filter(({ value }) => value !== null);
  if (rows.length === 0 || several.length === 0) return <p class="faint">nothing to show yet</p>;
  const values = rows.map(({ value }) => value!);
  const range = [Math.min(...values), Math.max(...values)] as const;
  const columns = several.length + 1;
  const x = (column: number) => 70 + (column * (width - 140)) / (columns - 1);
  const y = (share: number) => top + (1 - share) * (height - 2 * top);
  const yOf = ({ labels }: AxisLabels, label: string | undefined) => {
    const index = labels.indexOf(label ?? '');
    return y(index < 0 ? -0.05 : labels.length === 1 ? 0.5 : index / (labels.length - 1));
  };
  const yOfValue = (value: number) =>
    y(range[0] === range[1] ? 0.5 : (value - range[0]) / (range[1] - range[0]));
  const names = axes.map(({ axis }) => axis);
  return (
    <>
      {data.matching > rows.length ? (
        <p class="faint">
          {rows.length} of {data.matching} rows: the first by rank
        </p>
      ) : null}
      <div class="scrolls">
        <svg class="parallel" viewBox={`0 0 ${width} ${height}`}>
          <title>parallel coordinates</title>
          {[...rows].reverse().map(row => (
            <polyline
              key={row.cells[0]}
              points={[
                ...several.map((axis, column) => `${x(column)},${yOf(axis, row.labels[axis.axis])}`),
                `${x(columns - 1)},${yOfValue(row.value!)}`,
              ].join(' ')}
              stroke={toneOf(row.value!, range, objective).background}
            />
          ))}
          {several.map((axis, column) => (
            <g key={axis.axis}>
              <text class="title" x={x(column)} y="14" text-anchor="middle">
                {shortAxis(axis.axis, names)}
              </text>
              {axis.labels.map(label => {
                const key = `is.${axis.axis}`;
                const chosen = place.value.searchParams.getAll(key);
                const isChosen = chosen.includes(label);
                const toggle = () =>
                  setParameters({
                    [key]: isChosen ? chosen.filter(each => each !== label) : [...chosen, label],
                  });
                return (
                  // biome-ignore lint/a11y/useSemanticElements: there is no button in SVG
                  <text
                    key={label}
                    class={isChosen ? 'label is-chosen' : 'label'}
                    role="button"
                    // In SVG names of attributes have their case.
                    tabindex={0}
                    aria-pressed={isChosen}
                    x={x(column) + 6}
                    y={yOf(axis, label) + 4}
                    onClick={toggle}
                    onKeyDown={event => {
                      if (event.key !== 'Enter' && event.key !== ' ') return;
                      event.preventDefault();
                      toggle();
                    }}
                  >
                    {label}
                  </text>
                );
              })}
            </g>
          ))}
          <text class="title" x={x(columns - 1)} y="14" text-anchor="middle">
            {objective.metric}
          </text>
          {range.map(value => (
            <text key={value} class="label" x={x(columns - 1) + 6} y={yOfValue(value) + 4}>
              {formatFixed(value)}
            </text>
          ))}
        </svg>
      </div>
    </>
  );
}
