/** The `include` of a grid file: cells beside the product. */
import type { Dimension, Inclusion, Setting } from '../../domain/grid.js';
import type { NodePath } from '../../domain/problem.js';
import { isMapping } from '../settings/components.js';
import { checkSetting, pathProblem } from '../settings/settings.js';
import { describeValue } from '../yaml/check-value.js';
import type { Reporter } from '../yaml/reporter.js';
import { pairsOf, textAt } from '../yaml/written.js';
import { deriveLabels } from './labels.js';
import { namedValue } from './match.js';

/** Each entry maps settings to a value, or to a label of the axis of that path; `labels` overrides the derived labels. */
export function parseInclude(
  raw: unknown,
  dimensions: readonly Dimension[],
  report: Reporter,
  free: boolean,
): Inclusion[] {
  if (raw === undefined) return [];
  if (!Array.isArray(raw)) {
    report.leaveOut(
      ['include'],
      `must be a list of mappings from settings to values, got ${describeValue(raw)}`,
    );
    return [];
  }
  return raw.flatMap(
    (entry: unknown, index) => parseEntry(entry, ['include', index], dimensions, report, free) ?? [],
  );
}

function parseEntry(
  raw: unknown,
  at: NodePath,
  dimensions: readonly Dimension[],
  report: Reporter,
  free: boolean,
): Inclusion | undefined {
  if (!isMapping(raw)) {
    report.leaveOut(at, `must be a mapping from settings to values, got ${describeValue(raw)}`);
    return undefined;
  }
  const settings: Setting[] = [];
  const labels = new Map<string, string>();
  for (const [path, written] of pairsOf(raw)) {
    if (path === 'labels') continue;
    const problem = pathProblem(path, free);
    if (problem !== undefined) {
      report.leaveOut([...at, path], problem, 'key');
      continue;
    }
    const axis = dimensions.flatMap(dimension => dimension.axes).find(candidate => candidate.path === path);
    const twin = axis && namedValue(axis, { value: written, text: textAt(raw, path) });
    const setting = { path, value: twin ? twin.value : written, at: [...at, path] };
    if (!twin) checkSetting(setting, report, free);
    settings.push(setting);
    labels.set(path, twin ? twin.label : deriveLabels(path, raw, [path])[0]!);
  }
  for (const [path, label] of givenLabels(raw.labels, [...at, 'labels'], report)) labels.set(path, label);
  return { settings, labels: Object.fromEntries(labels), at };
}

function givenLabels(raw: unknown, at: NodePath, report: Reporter): (readonly [string, string])[] {
  if (raw === undefined) return [];
  if (!isMapping(raw)) {
    report.leaveOut(at, `must be a mapping from settings to labels, got ${describeValue(raw)}`);
    return [];
  }
  return pairsOf(raw).map(([path, label]) => {
    if (typeof label === 'object' && label !== null)
      report.add([...at, path], `a label must be text, got ${describeValue(label)}`);
    return [path, textAt(raw, path)];
  });
}
