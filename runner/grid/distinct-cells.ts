import type { Cell } from '../domain/cell.js';
import type { Section } from '../domain/grid.js';

/**
 * The first cell of each distinct combination of these sections. Cells share sections (spec-builder.ts), so
 * a check on them runs a few times, not once a cell.
 */
export function distinctCells(cells: readonly Cell[], sections: readonly Section[]): Cell[] {
  const ids = new Map<unknown, number>();
  const idOf = (section: unknown) => {
    let id = ids.get(section);
    if (id === undefined) {
      id = ids.size;
      ids.set(section, id);
    }
    return id;
  };
  const distinct = new Map<string, Cell>();
  for (const cell of cells) {
    const key = sections.map(section => idOf(cell.spec[section])).join();
    if (!distinct.has(key)) distinct.set(key, cell);
  }
  return [...distinct.values()];
}
