/** The `include` of a grid file: cells beside the product. */
import { isDeepStrictEqual } from 'node:util';
import type { Dimension, Inclusion, Setting } from '../domain/grid.js';
import type { NodePath } from '../domain/problem.js';
import { describeValue } from './check-value.js';
import { isMapping } from './components.js';
import { deriveLabels } from './labels.js';
import type { Reporter } from './reporter.js';
import { checkSetting, pathProblem } from './settings.js';

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
  const { labels: given, ...entries } = raw;
  const settings: Setting[] = [];
  const labels: Record<string, string> = {};
  for (const [path, written] of Object.entries(entries)) {
    const problem = pathProblem(path, free);
    if (problem !== undefined) {
      report.leaveOut([...at, path], problem, 'key');
      continue;
    }
    const axis = dimensions.flatMap(dimension => dimension.axes).find(candidate => candidate.path === path);
    const twin = axis?.values.find(
      ({ label, value }) => label === written || isDeepStrictEqual(value, written),
    );
    const setting = { path, value: twin ? twin.value : written, at: [...at, path] };
    if (!twin) checkSetting(setting, report, free);
    settings.push(setting);
    labels[path] = twin ? twin.label : deriveLabels(path, [written])[0]!;
  }
  if (given !== undefined) {
    if (!isMapping(given))
      report.leaveOut(
        [...at, 'labels'],
        `must be a mapping from settings to labels, got ${describeValue(given)}`,
      );
    else for (const [path, label] of Object.entries(given)) labels[path] = String(label);
  }
  return { settings, labels, at };
}
