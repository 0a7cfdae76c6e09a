/** Where the `stopping` block of a grid may judge wrongly, or spares little. */
import type { Cell } from '../domain/cell.js';
import type { Grid } from '../domain/grid.js';
import type { Problem } from '../domain/problem.js';
import type { Stopping } from '../domain/stopping.js';
import { Reporter } from '../grid/yaml/reporter.js';
import type { StoppableCell } from '../stopping/cells.js';
import { type Family, fieldOf, groupsOf } from '../stopping/families.js';
import { firstEpoch, plainEpoch } from '../stopping/rungs.js';
import { stoppableCells } from '../stopping/stoppable-cells.js';
import { objectiveOf } from './grid-record.js';

/** With fewer a third is hardly a choice. */
const fewConfigurations = 9;

export function stoppingWarnings(grid: Grid, cells: readonly Cell[]): readonly Problem[] {
  const { stopping } = grid;
  if (stopping === null || cells.length === 0) return [];
  const objective = objectiveOf({ cells });
  const stoppable = stoppableCells(cells, objective, new Map());
  const groups = groupsOf(stoppable, fieldOf(stopping, objective, stoppable, new Map()));
  const report = new Reporter(grid.source);
  const schedules = new Map(cells.map(({ cellId, spec }) => [cellId, spec.scheduler.name]));
  warnOfSizes(groups, stopping, report);
  warnOfShapes(groups, ({ cellId }) => schedules.get(cellId), report);
  warnOfRungs(stoppable, stopping, report);
  return report.problems;
}

function warnOfSizes(groups: readonly Family[][], { keep, within }: Stopping, report: Reporter): void {
  const least = Math.min(...groups.map(group => group.length));
  const where = within.length > 0 ? `a group of within (${within.join(', ')}) has` : 'the grid has';
  if (least < fewConfigurations)
    report.add(
      ['stopping'],
      `${where} ${least} configuration${least === 1 ? '' : 's'}: with fewer than ${fewConfigurations} little is spared, and noise decides much`,
      'key',
    );
  if (keep * least < 2)
    report.add(
      ['stopping', 'keep'],
      `comes to less than 2 of ${least}: 2 go on at every rung all the same, so that there is a comparison`,
    );
}

/** Of cells that are compared with each other. */
function warnOfShapes(
  groups: readonly Family[][],
  scheduleOf: (cell: StoppableCell) => string | undefined,
  report: Reporter,
): void {
  const different = (of: (cell: StoppableCell) => string | number | undefined) => {
    const all = groups.map(group => new Set(group.flatMap(({ cells }) => cells.map(of))));
    const first = all.find(values => values.size > 1);
    return first && [...first].join(', ');
  };
  const schedules = different(scheduleOf);
  if (schedules !== undefined)
    report.add(
      ['stopping', 'within'],
      `schedules of different shape (${schedules}) are compared before they have come to their end, and a cosine hasn’t annealed at a rung; within: [scheduler] lets each keep its own share`,
    );
  const lengths = different(({ epochs }) => epochs);
  if (lengths !== undefined)
    report.add(
      ['stopping', 'within'],
      `cells of different train.epochs (${lengths}) are compared, each at its own share of them; within: [train.epochs] keeps those of an axis apart`,
    );
}

function warnOfRungs(cells: readonly StoppableCell[], stopping: Stopping, report: Reporter): void {
  for (const [index, rung] of stopping.rungs.entries()) {
    const early = cells.find(cell => plainEpoch(rung, cell.epochs) < firstEpoch(stopping, cell));
    if (early === undefined) continue;
    const first = firstEpoch(stopping, early);
    const why = early.warmupEpochs > 0 ? `its warm-up takes ${early.warmupEpochs}` : 'which shows too little';
    report.add(
      ['stopping', 'rungs', index],
      first >= early.epochs
        ? `is before epoch ${first} (${why}), where a cell of ${early.epochs} epochs is at its end: it is never stopped; after: N lets rungs come earlier`
        : `is epoch ${plainEpoch(rung, early.epochs)} of ${early.epochs} for some cells, ${why}: they are compared at epoch ${first} instead; after: N changes that`,
    );
  }
}
