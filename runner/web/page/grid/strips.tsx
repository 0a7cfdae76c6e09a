import { useMemo } from 'preact/hooks';
import type { Objective } from '../../../domain/metric.js';
import { formatFixed, formatMean } from '../../../text/numbers.js';
import type { Strip, StripsAnswer } from '../../wire.js';
import { useAnswer } from '../live/use-answer.js';
import { toneOf } from '../shown/colors.js';
import { Caps, Problem } from '../shown/problem.js';

type Range = readonly [number, number];

/** For each axis its labels, and on one line the values of the rows that have the label. */
export function Strips({ path, query }: { path: string; query: string }) {
  const { data, problem } = useAnswer<StripsAnswer>(`${path}/strips?${query}`);
  // There may be thousands of dots: made once.
  const tables = useMemo(() => data && <Tables answer={data} />, [data]);
  return (
    <>
      <Problem words={problem} />
      {tables}
    </>
  );
}

function Tables({ answer: { axes, range, caps, objective } }: { answer: StripsAnswer }) {
  if (range === null) return null;
  return (
    <>
      <p class="faint">
        Each dot is a row of the leaderboard, from {formatFixed(range[0])} to {formatFixed(range[1])}; the bar
        is the mean ± standard deviation of all cells of the label that are over.
      </p>
      <Caps caps={caps} />
      <div class="strips">
        {axes.map(({ axis, strips }) => (
          <table key={axis} class="strip">
            <caption>{axis}</caption>
            <tbody>
              {strips.map(strip => (
                <tr key={strip.label}>
                  <th scope="row">{strip.label}</th>
                  <td class="dots">
                    <Dots strip={strip} range={range} objective={objective} />
                  </td>
                  <td class="number">{formatMean(strip.mean, strip.std)}</td>
                  <td class="number faint">
                    n = {strip.n}
                    {strip.failed > 0 ? `, ${strip.failed} failed` : ''}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        ))}
      </div>
    </>
  );
}

function Dots({ strip, range, objective }: { strip: Strip; range: Range; objective: Objective }) {
  const [least, most] = range;
  const at = (value: number) =>
    most === least ? 50 : 2 + 96 * Math.min(1, Math.max(0, (value - least) / (most - least)));
  const { mean, std, dots } = strip;
  return (
    <svg role="img" aria-label={`${strip.label}: ${formatMean(mean, std)}`} width="100%" height="22">
      {mean === null ? null : (
        <>
          {std === null ? null : (
            <line class="deviation" x1={`${at(mean - std)}%`} x2={`${at(mean + std)}%`} y1="11" y2="11" />
          )}
          <line class="mean" x1={`${at(mean)}%`} x2={`${at(mean)}%`} y1="2" y2="20" />
        </>
      )}
      {dots.map(({ value, rows, cell }) => (
        <circle
          key={cell}
          cx={`${at(value)}%`}
          cy="11"
          r={Math.min(7, 3.5 + Math.log2(rows) / 2)}
          fill={toneOf(value, range, objective).background}
        />
      ))}
    </svg>
  );
}
