/** `init` against the models that begin with it. */
import { basename } from 'node:path';
import type { DataInspection } from '../../../trainer/contract/events.js';
import type { DataSpec } from '../../../trainer/contract/run-spec.js';
import type { WarmStart, WarmStartReport } from '../../../trainer/contract/warm-start.js';
import type { Cell } from '../../domain/cell.js';
import type { Grid } from '../../domain/grid.js';
import type { Problem } from '../../domain/problem.js';
import { distinctCells } from '../axes/distinct-cells.js';
import { settingNode } from '../settings/setting-node.js';
import { Reporter } from '../yaml/reporter.js';

/** A warm start and the first cell that has it. */
export interface WarmCell {
  cell: Cell;
  start: WarmStart;
}

/** The warm starts of the cells, each once: what the trainer has to be asked about. */
export function warmCells(
  cells: readonly Cell[],
  inspections: ReadonlyMap<DataSpec, DataInspection>,
): WarmCell[] {
  const warm = cells.filter(({ spec }) => spec.trainer === null && spec.init !== null);
  return distinctCells(warm, ['init', 'model', 'data']).flatMap(cell => {
    const { init, model, data } = cell.spec;
    const inspection = inspections.get(data);
    const imageSize = inspection?.imageSize ?? null;
    if (init === null || inspection === undefined || imageSize === null) return [];
    const classNames = inspection.classes.map(({ name }) => name);
    const { from, strict } = init;
    return [{ cell, start: { model, channels: data.channels, imageSize, classNames, from, strict } }];
  });
}

/**
 * @param reports of `warm`, in its order
 * @returns warnings: what doesn't fit; notes: how much is taken where all fits
 * @throws GridError where less than half fits and `strict: false` isn't written out, or what `strict` doesn't allow
 */
export function checkWarmStarts(
  grid: Grid,
  warm: readonly WarmCell[],
  reports: readonly WarmStartReport[],
): { warnings: readonly Problem[]; notes: readonly string[] } {
  const errors = new Reporter(grid.source);
  const warnings = new Reporter(grid.source);
  const notes = new Set<string>();
  warm.forEach(({ cell, start }, index) => {
    const { taken, wanted, exceptions, remarks, problem } = reports[index]!;
    const at = settingNode(grid, cell, 'init.from');
    const counts = `begins with ${taken} of ${wanted} tensors of ${basename(start.from)}`;
    const words = [exceptions, ...remarks].filter(Boolean).join('; ');
    const told = `${start.model.name} ${counts}${words === '' ? '' : `: ${words}`}`;
    if (problem !== null) errors.add(at, problem);
    else if (2 * taken < wanted && !isWritten(grid, cell, 'init.strict'))
      errors.add(at, `${told}; if so little is meant, write strict: false beside it`);
    else if (exceptions !== '') warnings.add(at, told);
    else notes.add(told);
  });
  errors.throwIfAny();
  return { warnings: warnings.problems, notes: [...notes] };
}

/** Whether a setting stands in the file; else it has its default. */
const isWritten = (grid: Grid, cell: Cell, path: string): boolean =>
  grid.source.find(settingNode(grid, cell, path)) !== undefined;
