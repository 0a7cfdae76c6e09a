/** Grid file → Grid. */
import { basename, dirname, resolve } from 'node:path';
import { type Grid, type Setting, sections } from '../domain/grid.js';
import { GridError } from '../domain/problem.js';
import { parseAxes } from './axes/axes.js';
import { holdsLabels } from './axes/axis-values.js';
import { parseInclude } from './axes/include.js';
import { parseMatch } from './axes/match.js';
import { expandInto } from './expand.js';
import { isEmptyPattern } from './identity/inputs/input-globs.js';
import { checkGridKeys, readExpect, readLimits, readRetry, readSample } from './schema/grid-keys.js';
import { isMapping } from './settings/components.js';
import { missingDataFiles } from './settings/data-files.js';
import { resolveData } from './settings/data-settings.js';
import { merged } from './settings/merge.js';
import { resolveObjective } from './settings/resolve.js';
import { checkSetting, paramsNeedTrainer } from './settings/settings.js';
import { readStopping } from './stopping/read-stopping.js';
import { describeValue } from './yaml/check-value.js';
import { readText } from './yaml/read-text.js';
import { Reporter } from './yaml/reporter.js';
import { parseSource } from './yaml/source.js';

export interface LoadOptions {
  /** Folder that holds the data, instead of the grid's `data.root` (`--data`, `GRID_DATA`). */
  dataRoot?: string | undefined;
  /** Where the slots have the data; null, or left out: where the grid says. */
  slotRoots?: ReadonlySet<string | null>;
  /** Finds the weights of cells for `init.from`; without it no cell has any. */
  cellWeights?: Grid['cellWeights'];
}

/**
 * Reads and checks a grid file.
 *
 * @param path the file, as it shall be named in messages
 * @throws GridError with every problem of the file at once, those that only show in its cells included
 */
export async function loadGrid(path: string, options: LoadOptions = {}): Promise<Grid> {
  const { grid, report } = readGrid(path, await readText(path), options);
  if (!isExternal(grid)) {
    const unheard = new Reporter(grid.source);
    const settings = grid.base.filter(setting => setting.path === 'data');
    const data = resolveData(settings, merged({}, settings), { ...grid, report: unheard, free: false });
    if (unheard.problems.length === 0)
      for (const root of options.slotRoots ?? [null])
        for (const { key, message } of await missingDataFiles(data, root)) report.add(['data', key], message);
  } else reportEmptyInputs(grid, report);
  throwAll(grid, report);
  return grid;
}

/** The same for a text that is at hand, without a look at the data. */
export function parseGrid(path: string, text: string, options: LoadOptions = {}): Grid {
  const { grid, report } = readGrid(path, text, options);
  throwAll(grid, report);
  return grid;
}

function reportEmptyInputs({ base, folder }: Grid, report: Reporter): void {
  const trainer = base.find(setting => setting.path === 'trainer')?.value;
  const patterns = isMapping(trainer) && Array.isArray(trainer.inputs) ? trainer.inputs : [];
  for (const [index, pattern] of patterns.entries())
    if (typeof pattern === 'string' && isEmptyPattern(pattern, folder))
      report.add(
        ['trainer', 'inputs', index],
        `matches no file in ${folder}; patterns are relative to the grid file, such as src/**/*.py`,
      );
}

const isExternal = (grid: Grid) => grid.base.some(setting => setting.path === 'trainer');

function readGrid(path: string, text: string, options: LoadOptions): { grid: Grid; report: Reporter } {
  const { value, source } = parseSource(path, text, holdsLabels);
  const report = new Reporter(source);
  if (!isMapping(value)) {
    report.add([], `must be a mapping with model, optimizer, axes, …, got ${describeValue(value)}`);
    report.throwIfAny();
    throw new GridError(report.problems);
  }
  checkGridKeys(value, report);
  const base = readBase(value, report);
  const free = base.some(setting => setting.path === 'trainer');
  const dimensions = parseAxes(value.axes, report, free);
  const excludes = Array.isArray(value.exclude) ? value.exclude : [];
  const file = resolve(path);
  const grid: Grid = {
    name: typeof value.name === 'string' ? value.name : basename(path).replace(/\.ya?ml$/, ''),
    description: String(value.description ?? ''),
    note: String(value.note ?? ''),
    objective: resolveObjective(base.filter(setting => setting.path === 'objective')),
    file,
    folder: dirname(file),
    dataRoot: options.dataRoot === undefined ? null : resolve(options.dataRoot),
    cellWeights: options.cellWeights ?? (() => []),
    base,
    dimensions,
    exclude: excludes
      .map((entry, index) => parseMatch(entry, ['exclude', index], dimensions, report))
      .filter(match => match !== null),
    include: parseInclude(value.include, dimensions, report, free),
    expect: readExpect(value.expect, dimensions, report),
    sample: readSample(value.sample),
    retry: readRetry(value.retry),
    limits: readLimits(value.limits),
    stopping: readStopping(value.stopping, dimensions, report),
    source,
  };
  return { grid, report };
}

function readBase(value: Record<string, unknown>, report: Reporter): Setting[] {
  const given = sections.filter(
    section => value[section] !== undefined && !(section === 'trainer' && value[section] === null),
  );
  const free = given.includes('trainer');
  const base = given.map((section): Setting => ({ path: section, value: value[section], at: [section] }));
  for (const setting of base) checkSetting(setting, report, free);
  if (given.includes('params') && !free) report.add(['params'], paramsNeedTrainer, 'key');
  return base;
}

/** @throws GridError if the report has problems, with those that show in the cells */
function throwAll(grid: Grid, report: Reporter): void {
  if (report.problems.length > 0) expandInto(grid, report);
  report.throwIfAny();
}
