/** Number formats that the engines of the slots don't have: known before a cell runs. */
import type { Precision } from '../../../trainer/contract/run-spec.js';
import type { Cell } from '../../domain/cell.js';
import type { Grid } from '../../domain/grid.js';
import { distinctCells } from '../axes/distinct-cells.js';
import { settingNode } from '../settings/setting-node.js';
import { Reporter } from '../yaml/reporter.js';

interface EngineFormats {
  name: string;
  device: string;
  precisions: readonly Precision[];
}

/**
 * @param engines of the slots; a cell may come to any of them
 * @throws GridError at the node that sets `train.precision`
 */
export function checkPrecisions(grid: Grid, cells: readonly Cell[], engines: readonly EngineFormats[]): void {
  const report = new Reporter(grid.source);
  const own = cells.filter(({ spec }) => spec.trainer === null);
  for (const cell of distinctCells(own, ['train'])) {
    const { precision } = cell.spec.train;
    const lacking = engines.find(({ precisions }) => !precisions.includes(precision));
    if (lacking !== undefined)
      report.add(
        settingNode(grid, cell, 'train.precision'),
        `${precision} is not there on the engine ${lacking.name} (${lacking.device}), which has ${lacking.precisions.join(', ')}; \`grid doctor\` shows the formats of all engines`,
      );
  }
  report.throwIfAny();
}
