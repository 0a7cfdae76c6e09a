/**
 * What plain values can't hold of the YAML file that they were read from: the order of keys (an object puts those that look like
 * numbers first), how a key or a scalar was written (`1.10`, `010`, `1e3`), and where.
 */

/** A pair of a mapping, or an item of a list. */
export interface Entry {
  /** Key in the plain value: `keyText` where keys are labels, else `plainKey`; the index of an item. */
  key: string;
  /** The key as written: `010`. */
  keyText: string;
  /** The key as YAML reads it: `10`. */
  plainKey: string;
  value: unknown;
  /** How a scalar was written; of text the text itself. Undefined for mappings and lists. */
  text: string | undefined;
  /** Where key and value begin in the file's text. */
  keyOffset: number;
  valueOffset: number;
}

const written = new WeakMap<object, readonly Entry[]>();

/** Makes the plain value of a mapping. */
export function rememberMapping(entries: readonly Entry[]): Record<string, unknown> {
  // Unlike an assignment this takes any key for what it is.
  const mapping = Object.fromEntries(entries.map(({ key, value }) => [key, value]));
  written.set(mapping, entries);
  return mapping;
}

/** Makes the plain value of a list. */
export function rememberList(entries: readonly Entry[]): unknown[] {
  const list = entries.map(({ value }) => value);
  written.set(list, entries);
  return list;
}

/** Pairs or items of a value that was read from a file, in its order; none of any other value. */
export const entriesOf = (value: unknown): readonly Entry[] =>
  (typeof value === 'object' && value !== null && written.get(value)) || [];

export function entryAt(holder: unknown, key: string | number): Entry | undefined {
  const entries = entriesOf(holder);
  return Array.isArray(holder) ? entries[Number(key)] : entries.find(entry => entry.key === String(key));
}

/** Pairs in the order of the file. */
export const pairsOf = (mapping: Record<string, unknown>): (readonly [string, unknown])[] =>
  written.get(mapping)?.map(({ key, value }) => [key, value] as const) ?? Object.entries(mapping);

/** How the scalar at a key or an index was written. */
export const textAt = (holder: object, key: string | number): string =>
  // A null that isn't written has no text.
  entryAt(holder, key)?.text || plainTextAt(holder, key);

/** The same as YAML reads it: `10` for `010`. */
export const plainTextAt = (holder: object, key: string | number): string =>
  String((holder as Record<string | number, unknown>)[key]);
