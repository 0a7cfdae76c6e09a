/** All metrics of all epochs as rows, written as they are read. */

import type { StoreReader } from '../store/run-store.js';
import { csvLine } from '../text/csv.js';

export type ExportFormat = 'csv' | 'json';

/** How much text is handed on at once. */
const chunkLength = 64 * 1024;

/**
 * Text of the export in chunks; memory doesn't grow with the number of rows. One row an epoch:
 *
 * - `csv`: `grid,cell,state,labels.<axis>…,epoch,step,sources,<metric>…`, a missing or NaN value is an empty field.
 * - `json`: one array of `{grid, cell, state, labels, epoch, step, sources, metrics}`, a row a line; NaN is null.
 *
 * @param grid Without: all grids.
 * @throws StoreError `unknownGrid`.
 */
export function* exportRows(store: StoreReader, format: ExportFormat, grid?: string): Generator<string> {
  if (grid !== undefined) store.grid(grid);
  let chunk = '';
  for (const line of format === 'csv' ? csvLines(store, grid) : jsonLines(store, grid)) {
    chunk += line;
    if (chunk.length < chunkLength) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

function* csvLines(store: StoreReader, grid: string | undefined): Generator<string> {
  const rows = store.epochRows(grid);
  // While its rows are read, a connection sees one state: the columns are those of the rows.
  let next = rows.next();
  const { axes, metrics } = store.columns(grid);
  yield csvLine([
    'grid',
    'cell',
    'state',
    ...axes.map(axis => `labels.${axis}`),
    'epoch',
    'step',
    'sources',
    ...metrics,
  ]);
  for (; !next.done; next = rows.next()) {
    const row = next.value;
    yield csvLine([
      row.grid,
      row.cellId,
      row.state,
      ...axes.map(axis => row.labels[axis]),
      row.epoch,
      row.step,
      row.sources,
      ...metrics.map(metric => row.metrics[metric]),
    ]);
  }
}

function* jsonLines(store: StoreReader, grid: string | undefined): Generator<string> {
  let separator = '[\n';
  for (const { cellId, grid: name, ...row } of store.epochRows(grid)) {
    yield separator + JSON.stringify({ grid: name, cell: cellId, ...row });
    separator = ',\n';
  }
  yield separator === '[\n' ? '[]\n' : '\n]\n';
}
