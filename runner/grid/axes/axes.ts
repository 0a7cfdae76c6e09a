/** The `axes` of a grid file: plain, labelled, conditional (`when`) and linked (`zip`). */
import type { Axis, Dimension, Match } from '../../domain/grid.js';
import type { NodePath } from '../../domain/problem.js';
import { isMapping } from '../settings/components.js';
import { checkSetting, pathProblem } from '../settings/settings.js';
import { describeValue } from '../yaml/check-value.js';
import type { Reporter } from '../yaml/reporter.js';
import { pairsOf } from '../yaml/written.js';
import { parseValues } from './axis-values.js';
import { parseMatch } from './match.js';

/** @param free names and parameters are those of an external trainer */
export function parseAxes(raw: unknown, report: Reporter, free: boolean): Dimension[] {
  const at: NodePath = ['axes'];
  const dimensions: Dimension[] = [];
  if (raw === undefined) return dimensions;
  if (!isMapping(raw)) {
    report.leaveOut(at, `must be a mapping from settings to their values, got ${describeValue(raw)}`);
    return dimensions;
  }
  const add = (axes: Axis[], when: Match | null) => {
    for (const axis of axes) {
      const twin = dimensions.flatMap(dimension => dimension.axes).find(({ path }) => path === axis.path);
      if (twin) report.leaveOut(axis.at, `this axis is there already (${report.place(twin.at)})`, 'key');
    }
    if (axes.length > 0) dimensions.push({ axes, size: axes[0]!.values.length, when });
  };
  for (const [path, value] of pairsOf(raw)) {
    if (path === 'zip') for (const group of parseZip(value, [...at, path], report, free)) add(group, null);
    else if (isConditional(value)) {
      const when =
        value.when === undefined
          ? null
          : (parseMatch(value.when, [...at, path, 'when'], dimensions, report) ?? never(dimensions.length));
      const axis = parseAxis(path, value.values, [...at, path], [...at, path, 'values'], report, free);
      if (axis) add([axis], when);
    } else {
      const axis = parseAxis(path, value, [...at, path], [...at, path], report, free);
      if (axis) add([axis], null);
    }
  }
  return dimensions;
}

const isConditional = (value: unknown): value is { when?: unknown; values: unknown } =>
  isMapping(value) &&
  Object.hasOwn(value, 'values') &&
  Object.keys(value).every(key => key === 'values' || key === 'when');

/** A condition that is wrong already: the axis of this dimension then applies nowhere, so that it makes no further problems. */
const never = (dimension: number): Match => ({ rows: new Map([[dimension, new Set()]]), at: [] });

/** A list of groups; the axes of a group have equal length and advance together. */
function parseZip(raw: unknown, at: NodePath, report: Reporter, free: boolean): Axis[][] {
  if (!Array.isArray(raw)) {
    report.leaveOut(at, `must be a list of groups of axes that advance together, got ${describeValue(raw)}`);
    return [];
  }
  return raw.map((group: unknown, index) => {
    const groupAt = [...at, index];
    if (!isMapping(group)) {
      report.leaveOut(groupAt, `must be a mapping of axes, got ${describeValue(group)}`);
      return [];
    }
    const axes = pairsOf(group)
      .map(([path, value]) => parseAxis(path, value, [...groupAt, path], [...groupAt, path], report, free))
      .filter(axis => axis !== undefined);
    const first = axes[0];
    const unequal = axes.filter(axis => axis.values.length !== first?.values.length);
    for (const axis of unequal)
      report.leaveOut(
        axis.at,
        `has ${axis.values.length} values, but ${first?.path} beside it has ${first?.values.length}; axes that advance together need equally many`,
      );
    return unequal.length > 0 ? [] : axes;
  });
}

function parseAxis(
  path: string,
  raw: unknown,
  at: NodePath,
  valuesAt: NodePath,
  report: Reporter,
  free: boolean,
): Axis | undefined {
  const problem = pathProblem(path, free);
  if (problem !== undefined) {
    report.leaveOut(at, problem, 'key');
    return undefined;
  }
  const values = parseValues(path, raw, valuesAt, report);
  if (values === undefined) return undefined;
  if (values.length === 0) {
    report.leaveOut(valuesAt, 'has no values, so the product is empty');
    return undefined;
  }
  for (const { value, at } of values) checkSetting({ path, value, at }, report, free);
  return { path, values, at };
}
