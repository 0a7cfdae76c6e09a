import { createHash } from 'node:crypto';
import { defaultObjective } from '../../trainer/contract/defaults.js';
import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import type { GridRecord } from '../domain/stored.js';

/** Of all cells of a grid. */
export const objectiveOf = ({ cells }: { cells: readonly Cell[] }) =>
  cells[0]?.spec.objective ?? defaultObjective;

/** A grid as the store keeps it. Its hash changes with its cells, not with comments. */
export function gridRecord({ name, description, file }: Grid, cells: readonly Cell[]): GridRecord {
  const hash = createHash('sha256');
  for (const { cellId, labels } of cells) hash.update(`${cellId}${JSON.stringify(labels)}\n`);
  return {
    name,
    description,
    file,
    objective: objectiveOf({ cells }),
    hash: hash.digest('hex'),
  };
}
