import type { Labels } from '../../../domain/stored.js';
import { cellName, shortId } from '../../../text/names.js';
import { cellPath, Link } from '../live/place.js';
import { colorOf } from './colors.js';

/** A cell by its colour and labels, as everywhere. */
export const CellLink = ({ cell, labels }: { cell: string; labels?: Labels | undefined }) => (
  <Link to={cellPath(cell)} class="cell-link">
    <span class="chip" style={{ backgroundColor: colorOf(cell) }} aria-hidden="true" />
    {labels === undefined ? shortId(cell) : cellName(cell, labels)}
  </Link>
);

/** `optimizer.learningRate` → `learningRate`, unless that would be two axes' name. */
export function shortAxis(axis: string, all: readonly string[]): string {
  const last = (name: string) => name.slice(name.lastIndexOf('.') + 1);
  return all.filter(other => last(other) === last(axis)).length > 1 ? axis : last(axis);
}
