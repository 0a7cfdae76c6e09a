import { useMemo } from 'preact/hooks';
import type { Objective } from '../../../domain/metric.js';
import { formatFixed } from '../../../text/numbers.js';
import type { AxisLabels, MatrixAnswer } from '../../wire.js';
import { place, setParameters } from '../live/place.js';
import { useAnswer } from '../live/use-answer.js';
import { toneOf } from '../shown/colors.js';
import { Caps, Problem } from '../shown/problem.js';
import { FacetTable } from './facet.js';

interface Props {
  path: string;
  query: string;
  axes: readonly AxisLabels[];
}

/** Cells by two axes, coloured by the objective; seeds and other axes are folded into a square. */
export function Matrix({ path, query, axes }: Props) {
  const { searchParams } = place.value;
  const own = new URLSearchParams(query);
  for (const key of ['x', 'y', 'facet']) {
    const value = searchParams.get(key);
    if (value !== null) own.set(key, value);
  }
  const { data, problem } = useAnswer<MatrixAnswer>(`${path}/matrix?${own}`);
  const names = axes.map(({ axis }) => axis);
  // What is in the address changes often, and there may be many squares.
  const facets = useMemo(
    () =>
      data?.facets.map(({ label, squares }) => (
        <FacetTable key={label} label={label} squares={squares} answer={data} names={names} />
      )),
    [data, names.join()],
  );
  if (data === undefined) return <Problem words={problem} />;
  const choice = (key: string, words: string, value: string, hasNone: boolean) => (
    <label>
      {words}{' '}
      <select
        value={value}
        onChange={event => setParameters({ [key]: event.currentTarget.value || undefined })}
      >
        {hasNone ? <option value="">–</option> : null}
        {names.map(axis => (
          <option key={axis} value={axis}>
            {axis}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <>
      <Problem words={problem} />
      <div class="controls">
        {choice('x', 'columns', data.x.axis, data.x.axis === '')}
        {choice('y', 'rows', data.y.axis, data.y.axis === '')}
        {choice('facet', 'beside each other', data.facet ?? '', true)}
        <Legend range={data.range} objective={data.objective} />
      </div>
      <Caps caps={data.caps} />
      <div class="facets">{facets}</div>
    </>
  );
}

function Legend({ range, objective }: { range: readonly [number, number] | null; objective: Objective }) {
  if (range === null) return null;
  const [least, most] = range;
  const parts = Array.from({ length: 9 }, (_, index) => least + ((most - least) * index) / 8);
  return (
    <span class="legend" role="img" aria-label={`colours from ${formatFixed(least)} to ${formatFixed(most)}`}>
      {formatFixed(least)}
      {parts.map((value, index) => (
        <span
          key={index}
          class="tone"
          style={{ backgroundColor: toneOf(value, range, objective).background }}
        />
      ))}
      {formatFixed(most)}
    </span>
  );
}
