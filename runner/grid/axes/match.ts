/** Partial matches of cells (`when`, `exclude`): axis → label, value, or a list of either. */
import { isDeepStrictEqual } from 'node:util';
import type { Axis, AxisValue, Dimension, Match } from '../../domain/grid.js';
import type { NodePath } from '../../domain/problem.js';
import { fillAugmentation } from '../settings/augmentation.js';
import { fillComponent, isMapping, sectionKinds } from '../settings/components.js';
import { describeValue } from '../yaml/check-value.js';
import { suggestion } from '../yaml/nearest.js';
import type { Reporter } from '../yaml/reporter.js';
import { pairsOf, textAt } from '../yaml/written.js';

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
  for (const [key, value] of pairsOf(raw)) {
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
    const whole = { value, text: textAt(raw, key), at: [] };
    const parts = Array.isArray(value)
      ? value.map((part: unknown, index) => ({ value: part, text: textAt(value, index), at: [index] }))
      : [];
    const ofWhole = rowsOf(axis, below, whole);
    const ofParts = parts.map(part => rowsOf(axis, below, part));
    const met = new Set([ofWhole, ...ofParts].flat());
    const unmet = ofWhole.length > 0 ? [] : parts.filter((_, index) => ofParts[index]!.length === 0);
    for (const wanted of met.size === 0 && parts.length === 0 ? [whole] : unmet) {
      report.leaveOut(
        [...at, key, ...wanted.at],
        `no value of the axis ${axis.path} matches ${describeValue(wanted.value)}${suggestion(
          wanted.text,
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

/** A label or a value as a condition or an included cell names it. */
interface Wanted {
  value: unknown;
  /** How a scalar is written. */
  text: string;
}

const isScalar = (value: unknown) => !isMapping(value) && !Array.isArray(value);

/** Rows that meet it by label, by value, by a component's name, or by some of its parameters; else those whose label YAML reads so. */
function rowsOf(axis: Axis, below: readonly string[], wanted: Wanted): number[] {
  const rows = [...axis.values.keys()];
  const met = rows.filter(row => meets(axis.path, axis.values[row]!, below, wanted));
  if (met.length > 0 || below.length > 0 || !isScalar(wanted.value)) return met;
  return rows.filter(row => axis.values[row]!.plainLabel === String(wanted.value));
}

/** The value of an axis that an included cell names. A number is a value rather than a label; text is whichever comes first. */
export function namedValue({ values }: Axis, { value: wanted, text }: Wanted): AxisValue | undefined {
  const isValue = ({ value }: AxisValue) => isDeepStrictEqual(value, wanted);
  const isLabel = ({ label }: AxisValue) => isScalar(wanted) && label === text;
  if (typeof wanted !== 'string') return values.find(isValue) ?? values.find(isLabel);
  return (
    values.find(value => isLabel(value) || isValue(value)) ??
    values.find(({ plainLabel }) => plainLabel === wanted)
  );
}

/** By label, by value, by a component's name, or by some of its parameters (defaults count). */
function meets(
  path: string,
  { label, value }: AxisValue,
  below: readonly string[],
  { value: wanted, text }: Wanted,
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
  if (isScalar(wanted) && label === text) return true;
  if (isDeepStrictEqual(value, wanted)) return true;
  if (!isMapping(filled)) return false;
  if (kind && filled.name === wanted) return true;
  return (
    isMapping(wanted) && Object.entries(wanted).every(([key, part]) => isDeepStrictEqual(filled[key], part))
  );
}
