/** Puts settings together to one section. */
import type { Setting } from '../../domain/grid.js';
import { isMapping } from './components.js';
import { splitPath } from './settings.js';

/** `start` with each setting put at its path, mappings merged. */
export function merged(start: object, settings: readonly Setting[]): Record<string, unknown> {
  return settings.reduce<Record<string, unknown>>(
    (result, { path, value }) => {
      const nested = splitPath(path)[1].reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
      return isMapping(nested) ? merge(result, nested) : result;
    },
    structuredClone(start) as Record<string, unknown>,
  );
}

export function merge(base: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const result = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(over)) {
    const before = result.get(key);
    result.set(key, isMapping(before) && isMapping(value) ? merge(before, value) : value);
  }
  // Unlike an assignment this takes any key for what it is.
  return Object.fromEntries(result);
}
