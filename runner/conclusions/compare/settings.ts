/** Settings in which cells differ. */
import type { RunSpec } from '../../../trainer/contract/run-spec.js';

export interface SettingDifference {
  /** `optimizer.learningRate`. */
  path: string;
  /** As JSON, one a side; null: it has no such setting. */
  values: readonly (string | null)[];
}

/** Without what is no part of a cell: where its data and weights lie. */
export function settingDifferences(specs: readonly Readonly<RunSpec>[]): SettingDifference[] {
  const flat = specs.map(({ objective: _objective, ...spec }) => flattened(spec));
  const paths = new Set(flat.flatMap(each => [...each.keys()]));
  return [...paths]
    .map(path => ({ path, values: flat.map(each => each.get(path) ?? null) }))
    .filter(({ path, values }) => path !== 'data.root' && new Set(values).size > 1);
}

function flattened(value: unknown, path: readonly string[] = [], into = new Map<string, string>()) {
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    for (const [key, inner] of Object.entries(value)) flattened(inner, [...path, key], into);
  else if (value !== undefined) into.set(path.join('.'), JSON.stringify(value));
  return into;
}
