import type { Cell } from '../../domain/cell.js';
import type { Section } from '../../domain/grid.js';

type Seen = Map<unknown, Seen>;

/**
 * The first cell of each distinct combination of these sections. Cells share sections (spec-builder.ts), so
 * a check on them runs a few times, not once a cell.
 */
export function distinctCells(cells: readonly Cell[], sections: readonly Section[]): Cell[] {
  const seen: Seen = new Map();
  return cells.filter(({ spec }) => {
    let level = seen;
    let isNew = false;
    for (const section of sections) {
      let next = level.get(spec[section]);
      if (next === undefined) {
        isNew = true;
        next = new Map();
        level.set(spec[section], next);
      }
      level = next;
    }
    return isNew;
  });
}
