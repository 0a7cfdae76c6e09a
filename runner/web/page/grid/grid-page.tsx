import type { GridAnswer } from '../../wire.js';
import { place } from '../live/place.js';
import { useAnswer } from '../live/use-answer.js';
import { Lazy } from '../shown/lazy.js';
import { Problem } from '../shown/problem.js';
import { FilterBar, filterQuery } from './filters.js';
import { GridControl } from './grid-control.js';
import { Leaderboard } from './leaderboard.js';
import { Matrix } from './matrix.js';
import { Parallel } from './parallel.js';
import { Progress } from './progress.js';
import { Slots } from './slots.js';
import { Strips } from './strips.js';
import { Troubles } from './troubles.js';

const views = ['matrix', 'leaderboard', 'axes', 'parallel'] as const;

/** All of a grid: how far it is, what it came to, what runs where. */
export function GridPage({ grid }: { grid: string }) {
  const path = `/api/grids/${encodeURIComponent(grid)}`;
  const { data, problem, again } = useAnswer<GridAnswer>(path, { everyMs: 5000 });
  const query = filterQuery(place.value);
  if (data === undefined)
    return problem === undefined ? <p aria-busy="true">…</p> : <Problem words={problem} />;
  const axes = data.axes.map(({ axis }) => axis);
  return (
    <>
      <h1>{grid}</h1>
      <Problem words={problem} />
      <section class="card head" aria-label="progress">
        <Progress grid={data} />
        <GridControl grid={grid} onDone={again} />
      </section>
      <nav class="jump" aria-label="parts of the page">
        {views.map(view => (
          <a key={view} href={`#${view}`}>
            {view}
          </a>
        ))}
        {data.live === null ? null : <a href="#slots">slots</a>}
      </nav>
      <FilterBar axes={data.axes} />
      <section id="matrix" class="card">
        <h2>Matrix</h2>
        <Matrix path={path} query={query} axes={data.axes} objective={data.objective} />
      </section>
      <section id="leaderboard" class="card">
        <h2>Leaderboard</h2>
        <Leaderboard path={path} query={query} axes={axes} />
      </section>
      {data.live === null && data.running.length === 0 ? null : (
        <section id="slots" class="card">
          <h2>Slots</h2>
          <Slots live={data.live} running={data.running} />
        </section>
      )}
      <Troubles grid={data} />
      <section id="axes" class="card">
        <h2>Axes, one by one</h2>
        <Lazy>
          <Strips path={path} query={query} objective={data.objective} />
        </Lazy>
      </section>
      <section id="parallel" class="card">
        <h2>Parallel coordinates</h2>
        <Parallel path={path} query={query} axes={data.axes} objective={data.objective} />
      </section>
    </>
  );
}
