import type { AxesAnswer, GridAnswer } from '../../wire.js';
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

/** All of a grid: how far it is, what it came to, what runs where. Each part is asked for by itself, at once. */
export function GridPage({ grid }: { grid: string }) {
  const path = `/api/grids/${encodeURIComponent(grid)}`;
  const { data, problem, again } = useAnswer<GridAnswer>(path, { everyMs: 5000 });
  const axes = useAnswer<AxesAnswer>(`${path}/axes`).data?.axes;
  const query = filterQuery(place.value);
  if (data === undefined && problem !== undefined) return <Problem words={problem} />;
  return (
    <>
      <h1>{grid}</h1>
      <Problem words={problem} />
      <section class="card head" aria-label="progress" aria-busy={data === undefined}>
        {data === undefined ? '…' : <Progress grid={data} />}
        <GridControl grid={grid} onDone={again} />
      </section>
      <nav class="jump" aria-label="parts of the page">
        {views.map(view => (
          <a key={view} href={`#${view}`}>
            {view}
          </a>
        ))}
        {data?.live ? <a href="#slots">slots</a> : null}
      </nav>
      <FilterBar axes={axes ?? []} />
      <section id="matrix" class="card">
        <h2>Matrix</h2>
        <Matrix path={path} query={query} axes={axes ?? []} />
      </section>
      <section id="leaderboard" class="card">
        <h2>Leaderboard</h2>
        <Leaderboard path={path} query={query} axes={axes} />
      </section>
      {data === undefined || (data.live === null && data.running.length === 0) ? null : (
        <section id="slots" class="card">
          <h2>Slots</h2>
          <Slots live={data.live} running={data.running} />
        </section>
      )}
      {data === undefined ? null : <Troubles grid={data} />}
      <section id="axes" class="card">
        <h2>Axes, one by one</h2>
        <Lazy>
          <Strips path={path} query={query} />
        </Lazy>
      </section>
      <section id="parallel" class="card">
        <h2>Parallel coordinates</h2>
        <Parallel path={path} query={query} axes={axes ?? []} />
      </section>
    </>
  );
}
