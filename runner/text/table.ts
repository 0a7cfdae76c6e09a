/** Tables in columns of equal width, fitted to the terminal. */
import { displayWidth, fitToWidth, isNarrow } from './width.js';

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
  const fits = kept.map((column, i) => fitting(column, widths[i]!));
  const rows = kept[0]?.cells.length ?? 0;
  const lines = [
    kept
      .map(({ title }, i) => fits[i]!(title))
      .join(gap)
      .trimEnd(),
  ];
  // A loop without a list in between: a leaderboard may have 20,000 rows.
  for (let row = 0; row < rows; row++) {
    let line = '';
    for (let i = 0; i < kept.length; i++) line += (i === 0 ? '' : gap) + fits[i]!(kept[i]!.cells[row]!);
    lines.push(line.trimEnd());
  }
  return lines;
}

/** How a cell of the column is brought to its width; where all are known to fit, and to be as wide as long, nothing is measured. */
function fitting(column: Column, width: number): (cell: string) => string {
  const align = column.align ?? 'left';
  if (measured(column).width > width || !measured(column).isNarrow)
    return cell => fitToWidth(cell, width, align);
  return align === 'left' ? cell => cell.padEnd(width) : cell => cell.padStart(width);
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

interface Measured {
  /** Of its widest cell or its title. */
  width: number;
  /** Whether each character of each cell and of the title takes one column. */
  isNarrow: boolean;
}

const known = new WeakMap<Column, Measured>();

const natural = (column: Column): number => measured(column).width;

function measured(column: Column): Measured {
  let found = known.get(column);
  if (found === undefined) {
    const { title, cells } = column;
    found = { width: displayWidth(title), isNarrow: isNarrow(title) };
    for (const cell of cells) {
      const narrow = isNarrow(cell);
      found.isNarrow &&= narrow;
      found.width = Math.max(found.width, narrow ? cell.length : displayWidth(cell));
    }
    known.set(column, found);
  }
  return found;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
}
