/**
 * Values of axes whose cells come to NaN: after three of them, with no success of that value, its other cells aren't begun. Where these
 * cells have other values in common too, nobody knows which is to blame: only cells with all of them are held back then.
 */
import type { Labels } from '../domain/stored.js';

const cellsToTrip = 3;

export type Outcome = 'nan' | 'success';

interface Value {
  nan: Set<string>;
  completed: number;
  /** What all of its cells that came to NaN have in common. */
  common: Map<string, string> | undefined;
}

export class Breakers {
  readonly #values = new Map<string, Value>();
  readonly #cells = new Map<string, { labels: Labels; outcome: Outcome }>();

  record(cellId: string, labels: Labels, outcome: Outcome): void {
    this.#cells.set(cellId, { labels, outcome });
    this.#count(cellId, labels, outcome);
  }

  /** The user tries the cell again: it counts no more. */
  forget(cellId: string): void {
    if (!this.#cells.delete(cellId)) return;
    this.#values.clear();
    for (const [other, { labels, outcome }] of this.#cells) this.#count(other, labels, outcome);
  }

  /** What a cell is held back for: `optimizer=sgd`; undefined: nothing. */
  blames(labels: Labels): string | undefined {
    for (const [axis, label] of Object.entries(labels)) {
      const value = this.#values.get(keyOf(axis, label));
      if (value === undefined || value.completed > 0 || value.nan.size < cellsToTrip) continue;
      const common = [...value.common!];
      if (common.every(([other, shared]) => labels[other] === shared))
        return common.map(([other, shared]) => `${other}=${shared}`).join(', ');
    }
    return undefined;
  }

  #count(cellId: string, labels: Labels, outcome: Outcome): void {
    for (const [axis, label] of Object.entries(labels)) {
      const key = keyOf(axis, label);
      const value: Value = this.#values.get(key) ?? { nan: new Set(), completed: 0, common: undefined };
      this.#values.set(key, value);
      if (outcome === 'success') {
        value.completed++;
        continue;
      }
      value.nan.add(cellId);
      value.common = new Map(
        [...(value.common ?? Object.entries(labels))].filter(([other, shared]) => labels[other] === shared),
      );
    }
  }
}

const keyOf = (axis: string, label: string) => JSON.stringify([axis, label]);
