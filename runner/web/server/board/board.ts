import type { Objective } from '../../../domain/metric.js';
import type { Block, LeaderboardRow } from '../../../leaderboard/row.js';
import type { AxisLabels } from '../../wire.js';
import { axesOf } from './axes.js';
import { type Filter, isEmpty, matching, type RowText, textOf } from './filter.js';
import type { Readings } from './read-board.js';

/** Rows that a filter lets through, with their axes. */
export class Selection {
  readonly rows: readonly LeaderboardRow[];
  #axes: readonly AxisLabels[] | undefined;
  #differing: readonly string[] | undefined;

  constructor(rows: readonly LeaderboardRow[]) {
    this.rows = rows;
  }

  get axes(): readonly AxisLabels[] {
    this.#axes ??= axesOf(this.rows);
    return this.#axes;
  }

  /** Axes on which not all rows have the same label. */
  get differing(): readonly string[] {
    this.#differing ??= this.axes
      .filter(
        ({ axis, labels }) => labels.length > 1 || this.rows.some(row => row.labels[axis] === undefined),
      )
      .map(({ axis }) => axis);
    return this.#differing;
  }
}

/** Matrix, leaderboard and strips of one filter are asked for together, and a few people may look. */
const keptSelections = 12;

/** The rows of a grid at one time: each window, matrix and filter is made of them. */
export class Board {
  readonly at: number;
  readonly objective: Objective;
  readonly all: Selection;
  readonly blocks: readonly Block[];
  #texts: readonly RowText[] | undefined;
  readonly #selections = new Map<string, Selection>();

  constructor({ at, objective, rows, blocks }: Readings['board']) {
    this.at = at;
    this.objective = objective;
    this.blocks = blocks;
    this.all = new Selection(rows);
  }

  select(filter: Filter): Selection {
    if (isEmpty(filter)) return this.all;
    const key = JSON.stringify([[...filter.labels], filter.states, filter.words], (_, value) =>
      value instanceof Set ? [...value] : value,
    );
    const known = this.#selections.get(key);
    if (known !== undefined) return known;
    if (filter.words.length > 0) this.#texts ??= this.all.rows.map(textOf);
    const selection = new Selection(matching(this.all.rows, filter, this.#texts ?? []));
    const oldest = this.#selections.keys().next();
    if (this.#selections.size >= keptSelections && !oldest.done) this.#selections.delete(oldest.value);
    this.#selections.set(key, selection);
    return selection;
  }
}
