import { useState } from 'preact/hooks';
import type { LeaderboardRow } from '../../../leaderboard/row.js';
import type { AxisLabels, LeaderboardAnswer } from '../../wire.js';
import { go, place, setParameters } from '../live/place.js';
import { useAnswer } from '../live/use-answer.js';
import { Problem } from '../shown/problem.js';
import { type Column, columnsOf } from './columns.js';
import { useWindow } from './use-window.js';

interface Props {
  path: string;
  query: string;
  /** Undefined: not known yet. */
  axes: readonly AxisLabels[] | undefined;
}

const rowHeight = 34;
/** Rows of one question; the windows lie beside each other. */
const windowRows = 60;
const mostCompared = 12;

/** The rows that match, however many: those that are seen are asked for, and there. */
export function Leaderboard({ path, query, axes }: Props) {
  const { searchParams } = place.value;
  const sort = searchParams.get('sort');
  const isDescending = searchParams.get('desc') === '1';
  const isFull = searchParams.get('all') === '1';
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const order = `${sort === null ? '' : `&sort=${encodeURIComponent(sort)}`}${isDescending ? '&desc=1' : ''}`;
  const [first, setFirst] = useState(0);
  const from = Math.floor(first / windowRows) * windowRows;
  const asked = (start: number) =>
    `${path}/leaderboard?from=${start}&count=${2 * windowRows}&${query}${order}`;
  const { data, problem } = useAnswer<LeaderboardAnswer>(asked(from));
  const { container, items, total } = useWindow(data?.matching ?? 0, rowHeight, setFirst);
  if (data === undefined || axes === undefined) return <Problem words={problem} />;
  const columns = columnsOf(
    data,
    axes.map(({ axis }) => axis),
    isFull,
  );
  const isFirstOfBlock = (index: number) => {
    const [before, row] = [data.rows[index - 1], data.rows[index]];
    return sort === null && before !== undefined && row !== undefined && before.budget !== row.budget;
  };
  const template = columns.map(({ width }) => width).join(' ');
  const choose = (cell: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(cell);
    else next.delete(cell);
    setChosen(next);
  };
  return (
    <>
      <Problem words={problem} />
      <div class="controls">
        <span>
          {data.matching === data.all ? `${data.all} rows` : `${data.matching} of ${data.all} rows`}
        </span>
        <label>
          <input
            type="checkbox"
            checked={!isFull}
            onChange={event => setParameters({ all: event.currentTarget.checked ? undefined : '1' })}
          />
          only axes that differ
        </label>
        <button
          type="button"
          disabled={chosen.size < 2}
          onClick={() => go(`/compare?cells=${[...chosen].join(',')}`)}
        >
          compare {chosen.size > 0 ? chosen.size : ''}
        </button>
        {data.blocks.length > 1 ? (
          <span class="faint">ranks are among rows that were trained for as long</span>
        ) : null}
        {chosen.size >= mostCompared ? <span class="faint">at most {mostCompared} at once</span> : null}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by the keyboard */}
      <section class="table-window" ref={container} tabIndex={0} aria-label="rows of the leaderboard">
        <table class="table" aria-label="leaderboard" aria-rowcount={data.matching + 1}>
          <thead>
            <tr class="row is-head" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
              {columns.map(column => (
                <Head key={column.key} column={column} sort={sort} isDescending={isDescending} />
              ))}
            </tr>
          </thead>
          <tbody class="rows" style={{ height: `${total}px` }}>
            {items.map(({ index, start }) => (
              <Row
                key={index}
                index={index}
                start={start}
                row={data.rows[index - data.from]}
                isFirst={isFirstOfBlock(index - data.from)}
                columns={columns}
                template={template}
                isChosen={cell => chosen.has(cell)}
                choose={chosen.size < mostCompared ? choose : (cell, is) => !is && choose(cell, is)}
              />
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}

interface HeadProps {
  column: Column;
  sort: string | null;
  isDescending: boolean;
}

function Head({ column: { key, title, sortKey, align }, sort, isDescending }: HeadProps) {
  const isSorted = sortKey !== undefined && sort === sortKey;
  const next = () => {
    if (!isSorted) setParameters({ sort: sortKey, desc: align === 'right' ? '1' : undefined });
    else if (isDescending === (align === 'right')) setParameters({ desc: isDescending ? undefined : '1' });
    else setParameters({ sort: undefined, desc: undefined });
  };
  return (
    <th
      scope="col"
      class={align === 'right' ? 'is-number' : ''}
      aria-sort={isSorted ? (isDescending ? 'descending' : 'ascending') : 'none'}
      key={key}
    >
      {sortKey === undefined ? (
        title
      ) : (
        <button type="button" onClick={next} title={key}>
          {title}
          {isSorted ? (isDescending ? ' ↓' : ' ↑') : ''}
        </button>
      )}
    </th>
  );
}

interface RowProps {
  index: number;
  start: number;
  /** Undefined: on its way. */
  row: LeaderboardRow | undefined;
  /** Of the rows that were trained for as long. */
  isFirst: boolean;
  columns: readonly Column[];
  template: string;
  isChosen(cell: string): boolean;
  choose(cell: string, isChosen: boolean): void;
}

function Row({ index, start, row, isFirst, columns, template, isChosen, choose }: RowProps) {
  const style = { gridTemplateColumns: template, transform: `translateY(${start}px)` };
  if (row === undefined)
    return (
      <tr class="row" aria-rowindex={index + 2} style={style}>
        <td class="faint">…</td>
      </tr>
    );
  const cell = row.cells[0]!;
  return (
    <tr class={isFirst ? 'row is-first' : 'row'} aria-rowindex={index + 2} style={style}>
      {columns.map(column => (
        <td key={column.key} class={column.align === 'right' ? 'is-number' : ''} title={column.text?.(row)}>
          {column.key === 'compare' ? (
            <input
              type="checkbox"
              aria-label={`compare row ${index + 1}`}
              checked={isChosen(cell)}
              onChange={event => choose(cell, event.currentTarget.checked)}
            />
          ) : (
            (column.show?.(row) ?? column.text?.(row))
          )}
        </td>
      ))}
    </tr>
  );
}
