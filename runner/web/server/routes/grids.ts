import { type Context, Hono } from 'hono';
import { describeFailure } from '../../../domain/failure-words.js';
import type { GridRecord } from '../../../domain/stored.js';
import { readStatus } from '../../../readings/status.js';
import type { StoreReader } from '../../../store/run-store.js';
import type {
  AxesAnswer,
  GridAnswer,
  GridSummary,
  GridsAnswer,
  LeaderboardAnswer,
  MatrixAnswer,
  StripsAnswer,
} from '../../wire.js';
import type { Board } from '../board/board.js';
import type { Boards } from '../board/boards.js';
import { filterOf } from '../board/filter.js';
import { matrixOf } from '../board/matrix.js';
import { stripsOf } from '../board/strips.js';
import { tagOf } from '../board/tag.js';
import { mostRows, windowOf } from '../board/window.js';
import type { WatchedStore } from '../watched-store.js';

/** Failed, held-up and warned cells that are listed; all are counted. */
const mostListed = 50;

export function gridRoutes(store: WatchedStore, boards: Boards): Hono {
  const app = new Hono();

  app.get('/', context =>
    context.json<GridsAnswer>(
      store.kept('grids', reader => ({ grids: reader.grids().map(grid => summaryOf(reader, grid)) })),
    ),
  );

  app.get('/:grid', context => {
    const name = context.req.param('grid');
    return context.json<GridAnswer>(store.kept(`grid ${name}`, reader => gridOf(reader, name)));
  });

  app.get('/:grid/axes', async context => {
    const board = await boards.of(context.req.param('grid'));
    return unlessKnown<AxesAnswer>(context, [board], () => ({ axes: board.all.axes, at: board.at }));
  });

  app.get('/:grid/leaderboard', async context => {
    const board = await boards.of(context.req.param('grid'));
    return unlessKnown<LeaderboardAnswer>(context, [board], () => {
      const window = windowOf(board.all.rows.length, selected(context, board), board.objective, {
        from: numberIn(context, 'from', 0),
        count: numberIn(context, 'count', mostRows),
        sort: context.req.query('sort'),
        isDescending: context.req.query('desc') === '1',
      });
      return { ...window, blocks: board.blocks, at: board.at };
    });
  });

  app.get('/:grid/matrix', async context => {
    const board = await boards.of(context.req.param('grid'));
    return unlessKnown<MatrixAnswer>(context, [board], () => {
      const [x, y, facet] = ['x', 'y', 'facet'].map(key => context.req.query(key));
      return { ...matrixOf(selected(context, board), board.objective, { x, y, facet }), at: board.at };
    });
  });

  app.get('/:grid/strips', async context => {
    const name = context.req.param('grid');
    const [board, effects] = await Promise.all([boards.of(name), boards.effectsOf(name)]);
    return unlessKnown<StripsAnswer>(context, [board, effects], () => ({
      ...stripsOf(selected(context, board), effects.rows, board.objective),
      at: Math.min(board.at, effects.at),
    }));
  });

  return app;
}

const selected = (context: Context, board: Board) => board.select(filterOf(context.req.queries()));

/** An answer that is made of these and of the address alone: who has it already is told that it is still so. */
function unlessKnown<T extends object>(context: Context, parts: readonly object[], answer: () => T) {
  const tag = `"${parts.map(tagOf).join(' ')}"`;
  context.header('ETag', tag);
  if (context.req.header('if-none-match')?.replace(/^W\//, '') === tag) return context.body(null, 304);
  return context.json<T>(answer());
}

function summaryOf(reader: StoreReader, { name, description, objective }: GridRecord): GridSummary {
  return {
    ...{ name, description, objective },
    counts: reader.countsByState(name),
    isRunning: reader.runnerOf(name)?.isAlive ?? false,
  };
}

function gridOf(reader: StoreReader, name: string): Omit<GridAnswer, 'at'> {
  const [status] = readStatus(reader, name);
  const { running, failed, heldUp, warnings, live } = status!;
  const classes = new Map<string, number>();
  for (const { failure } of failed) classes.set(failure, (classes.get(failure) ?? 0) + 1);
  return {
    ...summaryOf(reader, reader.grid(name)),
    running,
    troubles: [...failed.slice(0, mostListed), ...heldUp.slice(0, mostListed)].map(
      ({ cell, labels, failure, message }) => ({
        ...{ cell, labels },
        words: describeFailure({ class: failure, message }),
      }),
    ),
    listedFailures: Math.min(failed.length, mostListed),
    warnings: warnings.slice(0, mostListed),
    failures: [...classes].map(([failure, count]) => ({ failure, count })),
    live,
  };
}

function numberIn(context: Context, key: string, otherwise: number): number {
  const text = context.req.query(key) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : otherwise;
}
