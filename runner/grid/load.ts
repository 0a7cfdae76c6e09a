/** Grid file → Grid. */
import { basename, resolve } from 'node:path';
import { type Grid, type Setting, sections } from '../domain/grid.js';
import { GridError, type Problem } from '../domain/problem.js';
import { parseAxes } from './axes.js';
import { describeValue } from './check-value.js';
import { isMapping } from './components.js';
import { expandGrid } from './expand.js';
import { checkGridKeys, readRetry } from './grid-keys.js';
import { parseInclude } from './include.js';
import { parseMatch } from './match.js';
import { readText } from './read-text.js';
import { Reporter } from './reporter.js';
import { checkSetting } from './settings.js';
import { parseSource } from './source.js';

export interface LoadOptions {
  /** Folder that holds the data, instead of the grid's `data.root` (`--data`, `GRID_DATA`). */
  dataRoot?: string | undefined;
}

/**
 * Reads and checks a grid file.
 *
 * @param path the file, as it shall be named in messages
 * @throws GridError with every problem of the file at once, those that only show in its cells included
 */
export async function loadGrid(path: string, options: LoadOptions = {}): Promise<Grid> {
  return parseGrid(path, await readText(path), options);
}

/** The same for a text that is at hand. */
export function parseGrid(path: string, text: string, { dataRoot }: LoadOptions = {}): Grid {
  const { value, source } = parseSource(path, text);
  const report = new Reporter(source);
  if (!isMapping(value)) {
    report.add([], `must be a mapping with model, optimizer, axes, …, got ${describeValue(value)}`);
    throw new GridError(report.problems);
  }
  const free = isMapping(value.trainer);
  checkGridKeys(value, report);
  const base: Setting[] = sections
    .filter(section => value[section] !== undefined && !(section === 'trainer' && value.trainer === null))
    .map(section => ({ path: section, value: value[section], at: [section] }));
  for (const setting of base) checkSetting(setting, report, free);
  if (value.params !== undefined && !free)
    report.add(['params'], 'params are for an external trainer (`trainer: {command: […]}`)', 'key');
  const dimensions = parseAxes(value.axes, report, free);
  const excludes = Array.isArray(value.exclude) ? value.exclude : [];
  const grid: Grid = {
    name: typeof value.name === 'string' ? value.name : basename(path).replace(/\.ya?ml$/, ''),
    description: String(value.description ?? ''),
    note: String(value.note ?? ''),
    file: resolve(path),
    dataRoot: dataRoot === undefined ? null : resolve(dataRoot),
    base,
    dimensions,
    exclude: excludes
      .map((entry, index) => parseMatch(entry, ['exclude', index], dimensions, report))
      .filter(match => match !== null),
    include: parseInclude(value.include, dimensions, report, free),
    sample: isMapping(value.sample)
      ? { count: Number(value.sample.count), seed: Number(value.sample.seed ?? 0) }
      : null,
    retry: readRetry(value.retry),
    limits: {
      cellTimeoutSeconds: isMapping(value.limits)
        ? ((value.limits.cellTimeoutSeconds as number) ?? null)
        : null,
    },
    source,
  };
  if (report.problems.length > 0)
    throw new GridError([...report.problems, ...(report.incomplete ? [] : furtherProblems(grid))]);
  return grid;
}

/** What shows only in combination; values that are known to be wrong already may keep it from showing at all. */
function furtherProblems(grid: Grid): readonly Problem[] {
  try {
    expandGrid(grid);
    return [];
  } catch (error) {
    return error instanceof GridError ? error.problems : [];
  }
}
