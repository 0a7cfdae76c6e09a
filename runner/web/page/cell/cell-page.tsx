import { rankInterval } from '../../../leaderboard/rank-text.js';
import { shortId, slotName } from '../../../text/names.js';
import { formatFixed, formatMean, missing } from '../../../text/numbers.js';
import { formatDuration, localTime } from '../../../text/times.js';
import type { CellAnswer } from '../../wire.js';
import { gridPath, Link } from '../live/place.js';
import { useAnswer } from '../live/use-answer.js';
import { colorOf } from '../shown/colors.js';
import { CellLink } from '../shown/labels.js';
import { Problem } from '../shown/problem.js';
import { StateMark } from '../shown/state.js';
import { CellControl } from './cell-control.js';
import { Confusion } from './confusion.js';
import { Curves } from './curves.js';
import { Log } from './log.js';
import { Notes } from './notes.js';
import { flat } from './settings.js';

export function CellPage({ cell }: { cell: string }) {
  const { data, problem, again } = useAnswer<CellAnswer>(`/api/cells/${encodeURIComponent(cell)}`, {
    cells: [cell],
  });
  if (data === undefined)
    return problem === undefined ? <p aria-busy="true">…</p> : <Problem words={problem} />;
  const { reading, row, objective, failures } = data;
  const { grids, state, value, bestEpoch, epochs, spec } = reading;
  const labels = Object.entries(grids[0]?.labels ?? {});
  const seeds = row?.cells.filter(each => each !== reading.cell) ?? [];
  return (
    <>
      <nav class="up" aria-label="where it belongs">
        {grids.map(({ grid }) => (
          <Link key={grid} to={gridPath(grid)}>
            ← {grid}
          </Link>
        ))}
      </nav>
      <h1>
        <span class="chip is-large" style={{ backgroundColor: colorOf(reading.cell) }} aria-hidden="true" />
        {labels.length > 0 ? labels.map(([, label]) => label).join(' · ') : shortId(reading.cell)}{' '}
        <StateMark state={state} />
      </h1>
      <Problem words={problem} />
      <section class="card head" aria-label="results">
        <dl class="facts">
          <div>
            <dt>cell</dt>
            <dd>
              <code>{reading.cell}</code>
            </dd>
          </div>
          <div>
            <dt>{objective.metric}</dt>
            <dd>
              <b>{formatFixed(value)}</b> at epoch {bestEpoch ?? missing} of {epochs.length}/
              {spec.train.epochs}
            </dd>
          </div>
          {row === null ? null : (
            <div>
              <dt>on the leaderboard</dt>
              <dd>
                rank {rankInterval(row)}, {formatMean(row.value, row.std)}, {row.restsOn}
              </dd>
            </div>
          )}
          {seeds.length === 0 ? null : (
            <div>
              <dt>other seeds</dt>
              <dd class="list">
                {seeds.slice(0, 12).map(each => (
                  <CellLink key={each} cell={each} />
                ))}{' '}
                <Link to={`/compare?cells=${[reading.cell, ...seeds].slice(0, 12).join(',')}`}>compare</Link>
              </dd>
            </div>
          )}
        </dl>
        <CellControl cell={reading.cell} onDone={again} />
      </section>
      <section class="card">
        <h2>Curves</h2>
        <Curves answer={data} />
      </section>
      {reading.evaluationProblem === undefined ? null : <Problem words={reading.evaluationProblem} />}
      {reading.evaluation === null ? null : <Confusion evaluation={reading.evaluation} />}
      <section class="card">
        <h2>Log</h2>
        <Log cell={reading.cell} />
      </section>
      <section class="card">
        <h2>Notes</h2>
        <Notes cell={reading.cell} notes={reading.notes} onDone={again} />
      </section>
      <section class="card">
        <h2>Runs</h2>
        <ul class="plain">
          {reading.runs.map(({ attempt, slotId, state: end, startedMs, endedMs, host, warnings }) => (
            <li key={attempt}>
              {attempt}: <StateMark state={end} /> on {slotName(slotId)} of {host}, {localTime(startedMs)}
              {endedMs === null ? '' : `, ${formatDuration((endedMs - startedMs) / 1000)}`}
              {attempt in failures ? `: ${failures[attempt]}` : ''}
              {warnings.first.map(({ text, count }) => (
                <div key={text} class="faint">
                  warned{count > 1 ? ` ${count} times` : ''}: {text}
                </div>
              ))}
            </li>
          ))}
        </ul>
      </section>
      <section class="card">
        <h2>Settings</h2>
        {labels.length === 0 ? null : <h3>What this cell has on the axes of its grid</h3>}
        <Table rows={labels} />
        <details>
          <summary>all settings</summary>
          <Table rows={flat(spec)} />
        </details>
        <p class="faint">
          <code>{reading.folder}</code>
        </p>
      </section>
    </>
  );
}

const Table = ({ rows }: { rows: readonly (readonly [string, string])[] }) => (
  <div class="scrolls">
    <table class="settings">
      <tbody>
        {rows.map(([path, value]) => (
          <tr key={path}>
            <th scope="row">{path}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
