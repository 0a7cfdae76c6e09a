/** Partial matches of cells (`when`, `exclude`): axis → label, value, or a list of either. */
import { isDeepStrictEqual } from 'node:util';
import type { Axis, AxisValue, Dimension, Match } from '../domain/grid.js';
import type { NodePath } from '../domain/problem.js';
import { fillAugmentation } from './augmentation.js';
import { describeValue } from './check-value.js';
import { fillComponent, isMapping, sectionKinds } from './components.js';
import { suggestion } from './nearest.js';
import type { Reporter } from './reporter.js';

/**
 * Reports keys that are no axis of `dimensions` and values that none of its values meets.
 *
 * @returns the match, or null if it is wrong
 */
export function parseMatch(
  raw: unknown,
  at: NodePath,
  dimensions: readonly Dimension[],
  report: Reporter,
): Match | null {
  if (!isMapping(raw) || Object.keys(raw).length === 0) {
    report.leaveOut(
      at,
      `must be a mapping from axes to labels or values, got ${isMapping(raw) ? 'an empty one' : describeValue(raw)}`,
    );
    return null;
  }
  const rows = new Map<number, ReadonlySet<number>>();
  let valid = true;
  for (const [key, wanted] of Object.entries(raw)) {
    const found = findAxis(key, dimensions);
    if (found === undefined) {
      const axes = dimensions.flatMap(dimension => dimension.axes.map(({ path }) => path));
      const where = at.at(-1) === 'when' ? ' above it' : '';
      report.leaveOut(
        [...at, key],
        `"${key}" is no axis${where}${suggestion(key, axes, `axes${where}`)}`,
        'key',
      );
      valid = false;
      continue;
    }
    const { axis, dimension, below } = found;
    const alternatives = Array.isArray(wanted) ? [wanted, ...wanted] : [wanted];
    const met = new Set<number>();
    for (const [row, value] of axis.values.entries())
      if (alternatives.some(alternative => meets(axis.path, value, below, alternative))) met.add(row);
    for (const unmet of unmetValues(axis, below, wanted)) {
      report.leaveOut(
        [...at, key, ...unmet.at],
        `no value of the axis ${axis.path} matches ${describeValue(unmet.value)}${suggestion(
          String(unmet.value),
          axis.values.map(({ label }) => label),
          'labels',
        )}`,
      );
      valid = false;
    }
    const before = rows.get(dimension);
    rows.set(dimension, before ? new Set([...met].filter(row => before.has(row))) : met);
  }
  return valid ? { rows, at } : null;
}

/** The axis of that very path, else the deepest one above it, with the rest of the path. */
function findAxis(key: string, dimensions: readonly Dimension[]) {
  let best: { axis: Axis; dimension: number; below: string[] } | undefined;
  for (const [dimension, { axes }] of dimensions.entries())
    for (const axis of axes) {
      if (key !== axis.path && !key.startsWith(`${axis.path}.`)) continue;
      if (best && best.axis.path.length >= axis.path.length) continue;
      best = {
        axis,
        dimension,
        below: key
          .slice(axis.path.length + 1)
          .split('.')
          .filter(Boolean),
      };
    }
  return best;
}

function unmetValues(axis: Axis, below: readonly string[], wanted: unknown) {
  const isUnmet = (value: unknown) =>
    !axis.values.some(candidate => meets(axis.path, candidate, below, value));
  if (!Array.isArray(wanted) || !isUnmet(wanted)) return isUnmet(wanted) ? [{ value: wanted, at: [] }] : [];
  return wanted.map((value, index) => ({ value, at: [index] })).filter(({ value }) => isUnmet(value));
}

/** By label, by value, by a component's name, or by some of its parameters (defaults count). */
function meets(
  path: string,
  { label, value }: AxisValue,
  below: readonly string[],
  wanted: unknown,
): boolean {
  const kind = sectionKinds[path];
  const filled = kind
    ? fillComponent(kind, value)
    : path === 'augmentation'
      ? fillAugmentation(value)
      : value;
  if (below.length > 0)
    return isDeepStrictEqual(
      below.reduce<unknown>((part, key) => (isMapping(part) ? part[key] : undefined), filled),
      wanted,
    );
  if (!isMapping(wanted) && !Array.isArray(wanted) && label === String(wanted)) return true;
  if (isDeepStrictEqual(value, wanted)) return true;
  if (!isMapping(filled)) return false;
  if (kind && filled.name === wanted) return true;
  return (
    isMapping(wanted) && Object.entries(wanted).every(([key, part]) => isDeepStrictEqual(filled[key], part))
  );
}
