import type { Objective } from '../../../domain/metric.js';
import { stateTable } from '../../../domain/run-state.js';
import { formatFixed, formatMean } from '../../../text/numbers.js';
import type { AxisLabels, MatrixAnswer, Square } from '../../wire.js';
import { cellPath, Link, place, setParameters } from '../live/place.js';
import { useAnswer } from '../live/use-answer.js';
import { toneOf } from '../shown/colors.js';
import { shortAxis } from '../shown/labels.js';
import { Caps, Problem } from '../shown/problem.js';

interface Props {
  path: string;
  query: string;
  axes: readonly AxisLabels[];
  objective: Objective;
}

/** Up to so many columns have numbers in their squares. */
const mostNumbered = 16;

/** Cells by two axes, coloured by the objective; seeds and other axes are folded into a square. */
export function Matrix({ path, query, axes, objective }: Props) {
  const { searchParams } = place.value;
  const own = new URLSearchParams(query);
  for (const key of ['x', 'y', 'facet']) {
    const value = searchParams.get(key);
    if (value !== null) own.set(key, value);
  }
  const { data, problem } = useAnswer<MatrixAnswer>(`${path}/matrix?${own}`);
  if (data === undefined) return <Problem words={problem} />;
  const names = axes.map(({ axis }) => axis);
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
        <Legend range={data.range} objective={objective} />
      </div>
      <Caps caps={data.caps} />
      <div class="facets">
        {data.facets.map(({ label, squares }) => (
          <FacetTable
            key={label}
            label={label}
            squares={squares}
            answer={data}
            names={names}
            objective={objective}
          />
        ))}
      </div>
    </>
  );
}

interface FacetProps {
  label: string | null;
  squares: readonly Square[];
  answer: MatrixAnswer;
  names: readonly string[];
  objective: Objective;
}

function FacetTable({ label, squares, answer: { x, y, facet, range }, names, objective }: FacetProps) {
  const places = new Map(squares.map(square => [square.y * x.labels.length + square.x, square]));
  const isNumbered = x.labels.length <= mostNumbered;
  return (
    <div class="scrolls">
      <table class={isNumbered ? 'matrix' : 'matrix is-dense'}>
        <caption>
          {label === null ? (
            <span class="hidden">
              {x.axis} by {y.axis}
            </span>
          ) : (
            `${shortAxis(facet ?? '', names)}: ${label}`
          )}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="corner">
              {shortAxis(y.axis, names)} \ {shortAxis(x.axis, names)}
            </th>
            {x.labels.map(name => (
              <th key={name} scope="col" class="column" title={name}>
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {y.labels.map((line, row) => (
            <tr key={line}>
              <th scope="row">{line}</th>
              {x.labels.map((name, column) => (
                <SquareCell
                  key={name}
                  square={places.get(row * x.labels.length + column)}
                  name={`${line} ${name}`}
                  range={range}
                  objective={objective}
                  isNumbered={isNumbered}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface SquareProps {
  square: Square | undefined;
  name: string;
  range: readonly [number, number] | null;
  objective: Objective;
  isNumbered: boolean;
}

function SquareCell({ square, name, range, objective, isNumbered }: SquareProps) {
  if (square === undefined) return <td class="none" />;
  const { value, std, spread, rows, seeds, state, failed, cell } = square;
  const words = [
    `${name}:`,
    value === null ? stateTable[state].shownAs : formatMean(value, std),
    rows > 1 ? `mean of ${rows} rows` : `${seeds} ${seeds === 1 ? 'seed' : 'seeds'}`,
    ...(rows > 1 && spread !== null ? [`from ${formatFixed(spread[0])} to ${formatFixed(spread[1])}`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(' ');
  const tone = value === null || range === null ? undefined : toneOf(value, range, objective);
  return (
    <td>
      <Link
        to={cellPath(cell)}
        class={tone === undefined ? `square is-${state}` : 'square'}
        title={words}
        label={words}
        style={tone === undefined ? {} : { backgroundColor: tone.background, color: tone.text }}
      >
        {isNumbered ? (
          <>
            <span class="value">{value === null ? stateTable[state].shownAs : formatFixed(value)}</span>
            {value !== null && std !== null ? <span class="std">± {formatFixed(std)}</span> : null}
            {value !== null && rows > 1 && spread !== null ? (
              <span class="std">
                {formatFixed(spread[0])}–{formatFixed(spread[1])}
              </span>
            ) : null}
          </>
        ) : null}
      </Link>
    </td>
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
