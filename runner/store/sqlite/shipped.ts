/** What a store holds, as rows that another one takes. */
import type { RunSpec } from '../../../trainer/contract/run-spec.js';
import type { Labels } from '../../domain/stored.js';
import { type CellHistory, storedHistory } from './cell-history.js';
import type { Connection } from './connection.js';
import type { FiledCell } from './grid-files.js';
import type { Row } from './record-lines.js';

interface FiledRow {
  cell: number;
  cell_id: string;
  position: number;
  present: number;
  labels: string;
  spec: string;
}

export class Shipped {
  constructor(private readonly connection: Connection) {}

  /** Every grid with its cells. */
  grids(): { grid: Row; cells: FiledCell[] }[] {
    const grids = this.connection.prepare('SELECT * FROM grids ORDER BY grid').all() as Row[];
    return grids.map(grid => {
      const rows = this.connection
        .prepare(
          `SELECT g.cell, c.cell_id, g.position, g.present, g.labels, s.spec
           FROM grid_cells g JOIN cells c USING (cell) JOIN specs s USING (cell) WHERE g.grid = ? ORDER BY g.cell`,
        )
        .all(grid.grid!) as FiledRow[];
      const cells = rows.map(({ cell_id: cellId, present, labels, spec, ...row }) => ({
        ...row,
        ...{ cellId, present: present === 1, labels: JSON.parse(labels) as Labels },
        spec: JSON.parse(spec) as RunSpec,
      }));
      return { grid, cells };
    });
  }

  /** All cells by their ids, those of no grid among them. */
  cells(): { cellId: string; spec: RunSpec }[] {
    const rows = this.connection
      .prepare('SELECT cell_id AS cellId, spec FROM cells JOIN specs USING (cell) ORDER BY cell')
      .all() as { cellId: string; spec: string }[];
    return rows.map(({ cellId, spec }) => ({ cellId, spec: JSON.parse(spec) as RunSpec }));
  }

  history(cellId: string): CellHistory {
    return storedHistory(this.connection, cellId);
  }
}
