import type { GridsAnswer } from '../../wire.js';
import { gridPath, Link } from '../live/place.js';
import { useAnswer } from '../live/use-answer.js';
import { Problem } from '../shown/problem.js';
import { Counts } from '../shown/state.js';

export function GridList() {
  const { data, problem } = useAnswer<GridsAnswer>('/api/grids', { everyMs: 10_000 });
  return (
    <>
      <h1>Grids</h1>
      <Problem words={problem} />
      {data?.grids.length === 0 ? (
        <p>No results yet: `grid run FILE` makes some, and they appear here.</p>
      ) : null}
      <ul class="grids">
        {data?.grids.map(({ name, description, objective, counts, isRunning }) => (
          <li key={name} class="card">
            <h2>
              <Link to={gridPath(name)}>{name}</Link>
              {isRunning ? <span class="state is-running">running</span> : null}
            </h2>
            {description === '' ? null : <p class="description">{description}</p>}
            <p class="faint">
              {objective.direction === 'maximize' ? 'highest' : 'lowest'} {objective.metric}
            </p>
            <Counts counts={counts} />
          </li>
        ))}
      </ul>
    </>
  );
}
