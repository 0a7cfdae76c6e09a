/** Tables in columns of equal width, fitted to the terminal. */
import { displayWidth, fitToWidth } from './width.js';

export interface Column {
  title: string;
  cells: readonly string[];
  align?: 'left' | 'right';
  /** May be cut down to this many columns of the terminal. */
  shrinksTo?: number;
  /** Where shrinking isn't enough, the highest of these goes first; without one, the column always stays. */
  dropOrder?: number;
}

const gap = '  ';

/** Lines of the table, the title first. `width` in columns of the terminal; without it nothing is cut. */
export function textTable(columns: readonly Column[], width = Number.POSITIVE_INFINITY): string[] {
  const kept = dropUntilFitting(columns, width);
  const widths = shrinkToFit(kept, width);
  const line = (cellOf: (column: Column) => string) =>
    kept
      .map((column, i) => fitToWidth(cellOf(column), widths[i]!, column.align ?? 'left'))
      .join(gap)
      .trimEnd();
  const rows = kept[0]?.cells.length ?? 0;
  return [
    line(column => column.title),
    ...Array.from({ length: rows }, (_, row) => line(column => column.cells[row]!)),
  ];
}

function dropUntilFitting(columns: readonly Column[], width: number): readonly Column[] {
  const least = total(columns.map(column => Math.min(natural(column), column.shrinksTo ?? natural(column))));
  const droppable = columns.filter(column => column.dropOrder !== undefined);
  if (least <= width || droppable.length === 0) return columns;
  const first = droppable.reduce((a, b) => (b.dropOrder! > a.dropOrder! ? b : a));
  return dropUntilFitting(
    columns.filter(column => column !== first),
    width,
  );
}

/** The widest shrinkable column gives way first. */
function shrinkToFit(columns: readonly Column[], width: number): number[] {
  const widths = columns.map(natural);
  while (total(widths) > width) {
    const shrinkable = columns.map((column, i) => widths[i]! - (column.shrinksTo ?? widths[i]!));
    const widest = widths.reduce(
      (best, size, i) => (shrinkable[i]! > 0 && (best === -1 || size > widths[best]!) ? i : best),
      -1,
    );
    if (widest === -1) break;
    widths[widest]!--;
  }
  return widths;
}

const widthsKnown = new WeakMap<Column, number>();

function natural(column: Column): number {
  let width = widthsKnown.get(column);
  if (width === undefined) {
    width = column.cells.reduce(
      (most, cell) => Math.max(most, displayWidth(cell)),
      displayWidth(column.title),
    );
    widthsKnown.set(column, width);
  }
  return width;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
}
