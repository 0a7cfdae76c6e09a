import type { Objective } from '../../../domain/metric.js';
import { stateTable } from '../../../domain/run-state.js';
import { formatFixed } from '../../../text/numbers.js';
import type { MatrixAnswer, Square } from '../../wire.js';
import { cellPath, Link } from '../live/place.js';
import { toneOf } from '../shown/colors.js';
import { shortAxis } from '../shown/labels.js';
import { DenseRow } from './dense-row.js';
import { wordsOf } from './square-words.js';

/** Up to so many columns, and squares, have numbers in them, and are links of their own. */
const mostNumbered = 16;
const mostSquares = 400;

interface FacetProps {
  label: string | null;
  squares: readonly Square[];
  answer: MatrixAnswer;
  names: readonly string[];
}

/** One table of a matrix. */
export function FacetTable({ label, squares, answer, names }: FacetProps) {
  const { x, y, facet, range, objective } = answer;
  const places = new Map(squares.map(square => [square.y * x.labels.length + square.x, square]));
  const isNumbered = x.labels.length <= mostNumbered && x.labels.length * y.labels.length <= mostSquares;
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
              {isNumbered ? (
                x.labels.map((name, column) => (
                  <SquareCell
                    key={name}
                    square={places.get(row * x.labels.length + column)}
                    name={`${line} ${name}`}
                    range={range}
                    objective={objective}
                  />
                ))
              ) : (
                <DenseRow
                  name={line}
                  labels={x.labels}
                  squares={x.labels.map((_, column) => places.get(row * x.labels.length + column))}
                  range={range}
                  objective={objective}
                />
              )}
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
}

function SquareCell({ square, name, range, objective }: SquareProps) {
  if (square === undefined) return <td class="none" />;
  const { value, std, spread, rows, state, cell } = square;
  const words = wordsOf(square, name);
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
        <span class="value">{value === null ? stateTable[state].shownAs : formatFixed(value)}</span>
        {value !== null && std !== null ? <span class="std">± {formatFixed(std)}</span> : null}
        {value !== null && rows > 1 && spread !== null ? (
          <span class="std">
            {formatFixed(spread[0])}–{formatFixed(spread[1])}
          </span>
        ) : null}
      </Link>
    </td>
  );
}
