import { type Context, Hono } from 'hono';
import { describeFailure } from '../../../domain/failure-words.js';
import type { GridRecord } from '../../../domain/stored.js';
import { readStatus } from '../../../readings/status.js';
import type { StoreReader } from '../../../store/run-store.js';
import type {
  GridAnswer,
  GridSummary,
  GridsAnswer,
  LeaderboardAnswer,
  MatrixAnswer,
  StripsAnswer,
} from '../../wire.js';
import { boardOf, effectsOf } from '../board/board.js';
import { filterOf, matching } from '../board/filter.js';
import { matrixOf } from '../board/matrix.js';
import { stripsOf } from '../board/strips.js';
import { mostRows, windowOf } from '../board/window.js';
import type { WatchedStore } from '../watched-store.js';

/** Failed, held-up and warned cells that are listed; all are counted. */
const mostListed = 50;

export function gridRoutes(store: WatchedStore): Hono {
  const app = new Hono();

  app.get('/', context =>
    context.json<GridsAnswer>(
      store.kept('grids', reader => ({ grids: reader.grids().map(grid => summaryOf(reader, grid)) })),
    ),
  );

  app.get('/:grid', context => {
    const name = context.req.param('grid');
    const { axes } = boardOf(store, name);
    const answer = store.kept(`grid ${name}`, reader => gridOf(reader, name));
    return context.json<GridAnswer>({ ...answer, axes });
  });

  app.get('/:grid/leaderboard', context => {
    const { rows, objective, at } = boardOf(store, context.req.param('grid'));
    const found = matching(rows, filterOf(context.req.queries()));
    const window = windowOf(rows.length, found, objective, {
      from: numberIn(context, 'from', 0),
      count: numberIn(context, 'count', mostRows),
      sort: context.req.query('sort'),
      isDescending: context.req.query('desc') === '1',
    });
    return context.json<LeaderboardAnswer>({ ...window, at });
  });

  app.get('/:grid/matrix', context => {
    const { rows, objective, at } = boardOf(store, context.req.param('grid'));
    const found = matching(rows, filterOf(context.req.queries()));
    const [x, y, facet] = ['x', 'y', 'facet'].map(key => context.req.query(key));
    return context.json<MatrixAnswer>({ ...matrixOf(found, objective, { x, y, facet }), at });
  });

  app.get('/:grid/strips', context => {
    const name = context.req.param('grid');
    const { rows, at } = boardOf(store, name);
    const { effects } = effectsOf(store, name);
    const found = matching(rows, filterOf(context.req.queries()));
    return context.json<StripsAnswer>({ ...stripsOf(found, effects), at });
  });

  return app;
}

function summaryOf(reader: StoreReader, { name, description, objective }: GridRecord): GridSummary {
  return {
    ...{ name, description, objective },
    counts: reader.countsByState(name),
    isRunning: reader.runnerOf(name)?.isAlive ?? false,
  };
}

function gridOf(reader: StoreReader, name: string): Omit<GridAnswer, 'at' | 'axes'> {
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
