/** Cells of a grid that differ only in their seed, with what is stored of each. */
import type { Labels, StoredResult } from '../domain/stored.js';
import type { StoreReader } from '../store/run-store.js';

export interface Family {
  /** Equal for cells that differ only in their seed. */
  family: string;
  /** Without the seed's. */
  labels: Labels;
  /** That its metrics are of; null: not known. */
  validationImages: number | null;
  /** Present in the grid, in its order; at least one. */
  cells: StoredResult[];
}

/** In the order of the grid. @throws StoreError `unknownGrid` */
export function readFamilies(store: StoreReader, grid: string): Family[] {
  return store.snapshot(() => {
    const standingOf = new Map(
      store.standings(grid).flatMap(standing => standing.cells.map(cell => [cell, standing] as const)),
    );
    const families = new Map<string, Family>();
    for (const cell of store.storedCells(grid)) {
      const standing = standingOf.get(cell.cellId);
      if (!cell.present || standing === undefined) continue;
      const { family, validationImages } = standing;
      const { seed: _, ...labels } = cell.labels;
      const known = families.get(family);
      if (known === undefined) families.set(family, { family, labels, validationImages, cells: [cell] });
      else known.cells.push(cell);
    }
    return [...families.values()];
  });
}

/** What groups experiments: the value of the axis `model`, else the model's name. */
export const modelOf = ({ labels, cells }: Family): string => labels.model ?? cells[0]!.spec.model.name;
