import { useEffect } from 'preact/hooks';
import { CellPage } from './cell/cell-page.js';
import { ComparePage } from './cell/compare-page.js';
import { GridList } from './grid/grid-list.js';
import { GridPage } from './grid/grid-page.js';
import { isLive } from './live/changes.js';
import { Link, place } from './live/place.js';
import { enter, mayAsk, refusal, session } from './live/session.js';

export function App() {
  if (refusal.value !== undefined && session.value === undefined) return <TokenForm />;
  const { results, mayControl } = session.value ?? { results: '', mayControl: true };
  return (
    <>
      <a class="skip" href="#content">
        to the content
      </a>
      <header>
        <Link to="/" class="brand">
          Gridfarm
        </Link>
        <span class="results" title={results}>
          {results.split('/').slice(-2).join('/')}
        </span>
        <span class={`live ${isLive.value ? 'is-live' : 'is-lost'}`} role="status">
          {isLive.value ? 'live' : 'not connected'}
        </span>
        {mayControl ? null : <span class="faint">only to look at: buttons need the token</span>}
      </header>
      <main id="content" tabIndex={-1}>
        {mayAsk.value ? <Room path={place.value.pathname} /> : <p aria-busy="true">…</p>}
      </main>
    </>
  );
}

function Room({ path }: { path: string }) {
  const [, room, name] = path.split('/').map(decodeURIComponent);
  const title = name === undefined ? 'Gridfarm' : `${name.slice(0, 40)} · Gridfarm`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  if (room === 'grids' && name) return <GridPage key={name} grid={name} />;
  if (room === 'cells' && name) return <CellPage key={name} cell={name} />;
  if (room === 'compare') return <ComparePage />;
  return <GridList />;
}

function TokenForm() {
  return (
    <main class="token">
      <h1>Gridfarm</h1>
      <p>From another machine the page needs its token: `grid serve` prints an address with it.</p>
      {refusal.value === undefined ? null : <p role="alert">{refusal.value}</p>}
      <form
        onSubmit={event => {
          event.preventDefault();
          const field = event.currentTarget.elements.namedItem('token');
          if (field instanceof HTMLInputElement) void enter(field.value.trim());
        }}
      >
        <label>
          token <input name="token" type="password" autocomplete="off" />
        </label>
        <button type="submit">enter</button>
      </form>
    </main>
  );
}
