import type { GridAnswer } from '../../wire.js';
import { CellLink } from '../shown/labels.js';

/** What failed, by class; what waits; what was warned of. */
export function Troubles({ grid: { failures, troubles, listedFailures, warnings } }: { grid: GridAnswer }) {
  if (troubles.length + warnings.length === 0) return null;
  const all = failures.reduce((sum, { count }) => sum + count, 0);
  return (
    <section id="troubles" class="card">
      <h2>Failures and warnings</h2>
      {failures.length === 0 ? null : (
        <p>
          {failures.map(({ failure, count }) => (
            <span key={failure} class="state is-failed">
              {count} {failure}
            </span>
          ))}
          {listedFailures < all ? <span class="faint"> the first {listedFailures} are listed</span> : null}
        </p>
      )}
      <ul class="plain">
        {troubles.map(({ cell, labels, words }) => (
          <li key={cell}>
            <CellLink cell={cell} labels={labels} />: {words}
          </li>
        ))}
        {warnings.map(({ cell, labels, text, count }) => (
          <li key={`${cell} ${text}`}>
            <CellLink cell={cell} labels={labels} /> warned{count > 1 ? ` ${count} times` : ''}: {text}
          </li>
        ))}
      </ul>
    </section>
  );
}
